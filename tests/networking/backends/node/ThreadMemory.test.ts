/** A network thread that the system kills because it is out of memory, which it cannot announce. */
import type * as Threads from "node:worker_threads";
import { expect, test, vi } from "vitest";
import { NetworkThread } from "../../../../networking/backends/node/NetworkThread.ts";
import { NodeLookup } from "../../../../networking/backends/node/NodeLookup.ts";
import { Limits } from "../../../../networking/core/Limits.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CaptureNetLog } from "../../../Support/NetLogLines.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const memory = vi.hoisted(() => ({ limitMb: 64 }));

vi.mock("node:worker_threads", async (original) => {
  const real = await original<typeof Threads>();
  class SmallWorker extends real.Worker {
    constructor(file: string, options: Threads.WorkerOptions) {
      super(file, { ...options, resourceLimits: { maxOldGenerationSizeMb: memory.limitMb } });
    }
  }
  return { ...real, Worker: SmallWorker };
});

const log = CaptureNetLog();

test("an endless wait for a thread without memory ends, and its owners hear of it", async () => {
  memory.limitMb = 1;
  const thread = new NetworkThread(2);
  const lookup = new NodeLookup(thread, "localhost", 4);
  expect(thread.Block(() => false, Infinity)).toBe(false);
  expect(thread.IsDead()).toBe(true);
  expect([lookup.Done(), lookup.Failure()]).toEqual([true, SocketError.UNAVAILABLE]);
  await WaitFor(() => log.length > 0, "a log line");
  expect(log).toEqual([expect.stringMatching(/died \(.*memory.*\); open sockets lost: 1\.$/)]);
});

test("a thread that lives is let live, however long the wait", async () => {
  memory.limitMb = 64;
  const thread = new NetworkThread(4);
  expect(thread.Block(() => false, 6 * Limits.threadPulseMs)).toBe(false);
  expect(thread.IsDead()).toBe(false);
  await thread.Terminate();
});
