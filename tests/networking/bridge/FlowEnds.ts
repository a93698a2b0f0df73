/** A target's ends of a long transfer, and how to wait for one. The bytes say where they belong. */
import type { Socket } from "node:net";
import { FillPattern, IsPattern } from "../../bench/bridge/Pattern.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

export const mib = 1_048_576;
const partBytes = 65_536;

/** Writes so many bytes and FIN, the next part when the system has taken the one before. */
export class Pour {
  Taken = 0;

  constructor(socket: Socket, total: number) {
    const next = (): void => {
      if (this.Taken === total) {
        socket.end();
        return;
      }
      const part = FillPattern(this.Taken, Math.min(partBytes, total - this.Taken));
      socket.write(part, (error) => {
        if (error) return;
        this.Taken += part.length;
        next();
      });
    };
    next();
  }
}

/** Reads what comes and compares it with what `Pour` would send. */
export class Take {
  Received = 0;
  /** Every byte so far was the one that belongs there. */
  Right = true;

  /** @param socket to read; without one the bytes come by `Add`. */
  constructor(socket?: Socket) {
    socket?.on("data", (bytes: Buffer) => this.Add(bytes));
  }

  Add(bytes: Uint8Array): void {
    this.Right &&= IsPattern(bytes, this.Received);
    this.Received += bytes.length;
  }
}

/** Waits as long as it takes, if only something comes now and then. */
export async function WaitCount(count: () => number, total: number): Promise<void> {
  while (count() < total) {
    const before = count();
    await WaitFor(() => count() > before, `more than ${before} bytes of ${total}`);
  }
}

/** Waits until a count stays the same. @param leastMs and so long at least. */
export async function Standstill(count: () => number, leastMs = 0): Promise<number> {
  const start = performance.now();
  let [before, same] = [-1, 0];
  await WaitFor(() => {
    same = count() === before ? same + 1 : 0;
    before = count();
    return same > 60 && performance.now() - start >= leastMs;
  }, "a standstill");
  return before;
}
