/** How the commands that send a text show the reply. */
import { Printable } from "./Report.ts";

/** @param send what gets the reply. */
export async function PrintReply(json: boolean, send: () => Promise<string>): Promise<void> {
  const start = performance.now();
  const reply = await send();
  const milliseconds = Math.round(performance.now() - start);
  if (json) process.stdout.write(`${JSON.stringify({ reply, milliseconds })}\n`);
  else if (reply !== "")
    process.stdout.write(reply.endsWith("\n") ? shown(reply) : `${shown(reply)}\n`);
}

/** A program gets the reply as it is; a terminal must not obey it. */
function shown(reply: string): string {
  if (!process.stdout.isTTY) return reply;
  return reply.split("\n").map(Printable).join("\n");
}
