import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TimerClock } from "../../engine/index.ts";
import type { TimerClockHost } from "../../engine/index.ts";

/** A host whose time stands still until the test moves it; timers may be called late. */
class FakeHost implements TimerClockHost {
  nowMs = 5000;
  due: number | null = null;
  #callback: (() => void) | null = null;

  now(): number {
    return this.nowMs;
  }

  schedule(callback: () => void, delayMs: number): () => void {
    this.#callback = callback;
    this.due = this.nowMs + delayMs;
    return () => {
      this.#callback = null;
      this.due = null;
    };
  }

  /** Lets the pending timer fire `lateMs` after it was due. */
  fire(lateMs = 0): void {
    const callback = this.#callback;
    this.nowMs = (this.due ?? this.nowMs) + lateMs;
    this.#callback = this.due = null;
    callback?.();
  }
}

function started(rateHz: number, onFrame: (delta: number) => void = () => {}) {
  const host = new FakeHost();
  const clock = new TimerClock(rateHz, host);
  const deltas: number[] = [];
  clock.Start((delta) => {
    deltas.push(Math.round(delta * 1e6) / 1e6);
    onFrame(delta);
  });
  return { host, clock, deltas };
}

describe("TimerClock", () => {
  it("is due at whole periods after Start, without drift, however late single frames are", () => {
    const { host, deltas } = started(100);
    const due: (number | null)[] = [];
    for (const lateMs of [0, 4, 1, 0, 9]) {
      due.push(host.due);
      host.fire(lateMs);
    }
    expect(due).toEqual([5010, 5020, 5030, 5040, 5050]);
    expect(deltas).toEqual([0.01, 0.014, 0.007, 0.009, 0.019]);
  });

  it("is due exactly 60 times a second after an hour", () => {
    const { host } = started(60);
    for (let frame = 1; frame < 3600 * 60; frame++) host.fire(0.7);
    expect(host.due).toBeCloseTo(5000 + 3_600_000, 3);
  });

  it("leaves missed frames out and stays on its grid", () => {
    const { host, deltas } = started(100);
    host.fire(37);
    expect(host.due).toBe(5050);
    host.fire();
    expect(deltas).toEqual([0.047, 0.003]);
  });

  it("does not run a frame twice when the host's timer fires early", () => {
    const { host, deltas } = started(100);
    host.fire(-1);
    expect(host.due).toBe(5020);
    host.fire();
    expect(deltas).toEqual([0.009, 0.011]);
  });

  it("counts the time that a frame itself takes as passed", () => {
    const { host } = started(100, () => (host.nowMs += 25));
    host.fire();
    expect(host.due).toBe(5040);
  });

  it("calls no frame after Stop, and goes on from there after Start", () => {
    const { host, clock, deltas } = started(100);
    clock.Stop();
    clock.Stop();
    expect(host.due).toBeNull();
    host.nowMs += 500;
    clock.Start((delta) => deltas.push(delta));
    host.fire();
    expect(deltas).toEqual([0.01]);
  });

  it("can be stopped, and started again, from inside a frame", () => {
    const { host, clock } = started(100, () => clock.Stop());
    host.fire();
    expect(host.due).toBeNull();

    const again = started(100, () => {
      again.clock.Stop();
      again.clock.Start(() => {});
    });
    again.host.fire();
    expect(again.host.due).toBe(5020);
  });

  it("goes on after a frame that throws", () => {
    const { host } = started(100, () => {
      throw new Error("bug");
    });
    expect(() => host.fire()).toThrow("bug");
    expect(host.due).toBe(5020);
  });

  it("never hands out a negative delta when the host's time jumps back", () => {
    const { host, deltas } = started(100);
    host.fire(-50);
    expect(deltas).toEqual([0]);
  });

  it("drives one loop at a time", () => {
    const { clock } = started(100);
    expect(() => clock.Start(() => {})).toThrow("drives a loop already");
  });

  it.each([0, -1, 0.09, 1000.1, Number.NaN, Number.POSITIVE_INFINITY, "60"])(
    "refuses a rate of %s",
    (rate) => {
      expect(() => new TimerClock(rate as number)).toThrow(RangeError);
    },
  );

  it.each([0.1, 1000])("takes a rate of %d Hz", (rate) => {
    expect(new TimerClock(rate).RateHz).toBe(rate);
  });

  describe("on the host's own timers", () => {
    beforeEach(
      () => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }),
    );
    afterEach(() => void vi.useRealTimers());

    it("ticks at its rate and leaves no timer behind", () => {
      const clock = new TimerClock(50);
      let frames = 0;
      clock.Start(() => frames++);
      vi.advanceTimersByTime(1000);
      clock.Stop();
      expect(frames).toBe(50);
      expect(vi.getTimerCount()).toBe(0);
    });
  });
});
