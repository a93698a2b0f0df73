import { describe, expect, it } from "vitest";
import { Signal } from "../../engine/index.ts";
import { DisconnectOwner } from "../../engine/Signal.ts";
import { CaptureLog } from "./Helpers.ts";

describe("Signal", () => {
  const lines = CaptureLog();

  it("calls handlers in the order of connection, with the arguments", () => {
    const signal = new Signal<[number, string]>();
    const calls: unknown[] = [];
    signal.Connect((count, text) => calls.push(["a", count, text]));
    signal.Connect((count) => calls.push(["b", count]));
    signal.Emit(7, "x");
    expect(calls).toEqual([
      ["a", 7, "x"],
      ["b", 7],
    ]);
  });

  it("ends a connection by the returned function, and the second call changes nothing", () => {
    const signal = new Signal();
    const kept = (): void => {};
    const disconnect = signal.Connect(() => {});
    signal.Connect(kept);
    disconnect();
    disconnect();
    expect(signal.GetConnectionCount()).toBe(1);
    expect(signal.IsConnected(kept)).toBe(true);
  });

  it("ends a connection by handler, and says whether there was one", () => {
    const signal = new Signal();
    const handler = (): void => {};
    signal.Connect(handler);
    expect(signal.Disconnect(handler)).toBe(true);
    expect(signal.Disconnect(handler)).toBe(false);
    expect(signal.IsConnected(handler)).toBe(false);
  });

  it("refuses a handler that is connected already, and one that is no function", () => {
    const signal = new Signal();
    const handler = (): void => {};
    signal.Connect(handler);
    expect(() => signal.Connect(handler)).toThrow("connected already");
    expect(() => signal.Connect("x" as never)).toThrow(TypeError);
    expect(signal.GetConnectionCount()).toBe(1);
  });

  it("calls a Once handler one time, even when it emits the signal itself", () => {
    const signal = new Signal();
    let calls = 0;
    signal.Connect(
      () => {
        calls++;
        signal.Emit();
      },
      { Once: true },
    );
    signal.Emit();
    signal.Emit();
    expect(calls).toBe(1);
  });

  it("does not call a handler in the Emit during which it was connected", () => {
    const signal = new Signal();
    const calls: string[] = [];
    signal.Connect(() => signal.Connect(() => calls.push("late")), { Once: true });
    signal.Emit();
    expect(calls).toEqual([]);
    signal.Emit();
    expect(calls).toEqual(["late"]);
  });

  it("does not call a handler that was disconnected earlier in the same Emit", () => {
    const signal = new Signal();
    const calls: string[] = [];
    const victim = (): void => void calls.push("victim");
    signal.Connect(() => signal.Disconnect(victim));
    signal.Connect(victim);
    signal.Connect(() => calls.push("last"));
    signal.Emit();
    expect(calls).toEqual(["last"]);
  });

  it("keeps each of two nested Emits on the handlers of its own beginning", () => {
    const signal = new Signal<[number]>();
    const calls: string[] = [];
    signal.Connect((depth) => {
      if (depth > 1) return;
      signal.Connect(() => calls.push(`added${depth}`));
      signal.Emit(depth + 1);
    });
    signal.Connect((depth) => calls.push(`b${depth}`));
    signal.Emit(0);
    // The innermost, which is depth 2, sees both additions; depth 1 one; depth 0 none.
    expect(calls).toEqual(["b2", "added0", "added1", "b1", "added0", "b0"]);
  });

  it("still does not call a handler that is connected after a nested Emit", () => {
    const signal = new Signal<[number]>();
    const calls: number[] = [];
    signal.Connect((depth) => {
      if (depth > 0) return;
      signal.Emit(1);
      signal.Connect((late) => calls.push(late));
    });
    signal.Emit(0);
    expect(calls).toEqual([]);
  });

  it("logs what a handler throws or rejects with, and calls the others", async () => {
    const signal = new Signal();
    let called = false;
    signal.Connect(() => {
      throw new Error("sync");
    });
    signal.Connect(async () => {
      throw new Error("async");
    });
    signal.Connect(() => {
      called = true;
    });
    signal.Emit();
    await Promise.resolve();
    expect(called).toBe(true);
    expect(lines.map((line) => String(line.Details[0]))).toEqual(["Error: sync", "Error: async"]);
  });

  it("logs a handler that always throws at its 1st, 2nd, 4th, 8th time only", () => {
    const signal = new Signal();
    signal.Connect(() => {
      throw new Error("again");
    });
    for (let count = 0; count < 15; count++) signal.Emit();
    expect(lines.map((line) => /\d+/.exec(line.Message)?.[0])).toEqual(["1", "2", "4", "8"]);
  });

  it("ends all connections of an owner, on any signal, and leaves the others", () => {
    const owner = {};
    const first = new Signal();
    const second = new Signal();
    first.Connect(() => {}, { Owner: owner });
    second.Connect(() => {}, { Owner: owner });
    second.Connect(() => {}, { Owner: {} });
    DisconnectOwner(owner);
    DisconnectOwner(owner);
    expect([first.GetConnectionCount(), second.GetConnectionCount()]).toEqual([0, 1]);
  });

  it("gives all callers of Next the next arguments, by one shared promise", async () => {
    const signal = new Signal<[string]>();
    const next = signal.Next();
    expect(signal.Next()).toBe(next);
    signal.Emit("first");
    signal.Emit("second");
    expect(await next).toEqual(["first"]);
    const after = signal.Next();
    signal.Emit("third");
    expect(await after).toEqual(["third"]);
  });

  it("takes Next during an Emit for the one after", async () => {
    const signal = new Signal<[number]>();
    let next: Promise<[number]> | undefined;
    signal.Connect(() => (next ??= signal.Next()));
    signal.Emit(1);
    signal.Emit(2);
    expect(await next).toEqual([2]);
  });
});
