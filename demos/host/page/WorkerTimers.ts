/** A TimerClock's timers, from a worker (Ticker), which a hidden tab does not slow down. */
import type { TimerClockHost } from "moonwire/engine";

export function WorkerTimers(): TimerClockHost {
  const worker = new Worker(new URL("./Ticker.ts", import.meta.url), { type: "module" });
  const waiting = new Map<number, () => void>();
  let lastId = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<number>) => {
    const callback = waiting.get(data);
    waiting.delete(data);
    callback?.();
  });
  return {
    now: () => performance.now(),
    schedule: (callback, delayMs) => {
      const id = ++lastId;
      waiting.set(id, callback);
      worker.postMessage({ id, delayMs });
      return () => waiting.delete(id);
    },
  };
}
