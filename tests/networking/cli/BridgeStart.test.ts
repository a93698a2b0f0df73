/** Signals that come while `moonwire bridge` starts, from its first lines to its first page. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";
import { BridgeRun } from "./BridgeRun.ts";

/** The last of the signals that it hears; Linux shows them as bits, the first one lowest. */
function hears({ Run }: BridgeRun): boolean {
  const status = readFileSync(`/proc/${Run.Child.pid}/status`, "utf8");
  return (BigInt(`0x${/SigCgt:\s*(\w+)/.exec(status)?.[1]}`) & 1n) === 1n;
}

/** Before these moments it is Node.js that starts, and no line of the command has run. */
async function heard(...args: string[]): Promise<BridgeRun> {
  const run = BridgeRun.Start("--port", "0", ...args);
  await WaitFor(() => hears(run), "a bridge that hears signals");
  return run;
}

describe.each(["SIGTERM", "SIGINT"] as const)("%s ends it in order, with 0", (signal) => {
  test("as soon as it hears, and before it listens", async () => {
    const { Run } = await heard();
    Run.Child.kill(signal);
    await Run.Ended();
    expect([Run.Code, Run.Err]).toEqual([0, ""]);
    expect(Run.Out).toContain("told to end before it listened");
    expect(Run.Out).not.toContain("bridge listens");
  });

  test("as soon as it says that it listens", async () => {
    const { Run } = await heard();
    await WaitFor(() => Run.Out.includes("bridge listens"), "its first line");
    Run.Child.kill(signal);
    await Run.Ended();
    expect([Run.Code, Run.Err]).toEqual([0, ""]);
    expect(Run.Out).toContain("bridge stopped");
  });
});

// Whatever it is in the middle of then, on whatever machine.
test.each([20, 50, 100, 200, 400, 800])("SIGTERM %i ms after it hears: 0", async (afterMs) => {
  const { Run } = await heard();
  await NextRun(afterMs);
  Run.Child.kill("SIGTERM");
  await Run.Ended();
  expect([Run.Code, Run.Err]).toEqual([0, ""]);
});

test("two that come early end it now, with 1", async () => {
  const { Run } = await heard();
  Run.Child.kill("SIGTERM");
  Run.Child.kill("SIGINT");
  await Run.Ended();
  expect([Run.Code, Run.Out]).toEqual([1, ""]);
});

test("SIGHUP that comes early ends no service", async () => {
  const run = await heard("--origin", "https://game.example");
  run.Run.Child.kill("SIGHUP");
  await run.WaitLine("bridge listens");
  await run.WaitLine("no certificate to read again");
  run.Run.Child.kill("SIGTERM");
  await run.Run.Ended();
  expect(run.Run.Code).toBe(0);
});

test("SIGHUP that comes early ends who develops", async () => {
  const { Run } = await heard("--dev");
  Run.Child.kill("SIGHUP");
  await Run.Ended();
  expect(Run.Child.signalCode).toBe("SIGHUP");
});

test("mistakes and questions are told, whatever came", async () => {
  for (const [args, code] of [
    [["--target", "arena"], 2],
    [["--print-config"], 0],
  ] as const) {
    const { Run } = await heard(...args);
    Run.Child.kill("SIGTERM");
    await Run.Ended();
    expect([Run.Code, (Run.Err + Run.Out).includes("arena")]).toEqual([code, code === 2]);
  }
});
