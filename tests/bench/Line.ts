/** Runs one connection against one peer process: bulk both ways, then ping-pong. */
import { Next, Start } from "./Game.ts";
import type { LineReport } from "./Messages.ts";

/** Bytes of each bulk transfer, and round trips. */
export const bulkBytes = 1_000_000_000;
export const roundTrips = 5_000;

/**
 * @param script "LineNet.js" or "LineMoonwire.js": the side that is measured.
 * @param over what carries it; the far end is Node's own either way.
 */
export async function RunLine(script: string, over: "tcp" | "tls"): Promise<LineReport> {
  const far = Start("LineFar.js", over);
  const { Port } = await Next(far, "listening");
  const near = Start(script, Port, over);
  const report = await Next(near, "line");
  near.removeAllListeners("exit");
  far.removeAllListeners("exit");
  near.disconnect();
  far.disconnect();
  return report;
}
