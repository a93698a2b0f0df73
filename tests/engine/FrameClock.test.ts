import { describe, expect, it } from "vitest";
import { FrameClock } from "../../engine/index.ts";
import type { FrameHost } from "../../engine/index.ts";

/** A page whose pictures are shown by the test. */
class FakePage implements FrameHost {
  readonly #callbacks = new Map<number, (timeMs: number) => void>();
  #handles = 0;

  requestAnimationFrame(callback: (timeMs: number) => void): number {
    this.#callbacks.set(++this.#handles, callback);
    return this.#handles;
  }

  cancelAnimationFrame(handle: number): void {
    this.#callbacks.delete(handle);
  }

  show(timeMs: number): void {
    const callbacks = [...this.#callbacks.values()];
    this.#callbacks.clear();
    for (const callback of callbacks) callback(timeMs);
  }

  get pending(): number {
    return this.#callbacks.size;
  }
}

describe("FrameClock", () => {
  it("calls a frame per picture with the seconds between them; the first sets the time", () => {
    const page = new FakePage();
    const deltas: number[] = [];
    new FrameClock(page).Start((delta) => deltas.push(delta));
    for (const timeMs of [1000, 1016, 1032, 61_032]) page.show(timeMs);
    expect(deltas).toEqual([0.016, 0.016, 60]);
    expect(page.pending).toBe(1);
  });

  it("does not count the time while it was stopped", () => {
    const page = new FakePage();
    const clock = new FrameClock(page);
    const deltas: number[] = [];
    clock.Start((delta) => deltas.push(delta));
    page.show(0);
    clock.Stop();
    clock.Stop();
    expect(page.pending).toBe(0);
    clock.Start((delta) => deltas.push(delta));
    page.show(9000);
    page.show(9500);
    expect(deltas).toEqual([0.5]);
  });

  it("can be stopped from inside a frame", () => {
    const page = new FakePage();
    const clock = new FrameClock(page);
    clock.Start(() => clock.Stop());
    page.show(0);
    page.show(16);
    expect(page.pending).toBe(0);
  });

  it("never hands out a negative delta", () => {
    const page = new FakePage();
    const deltas: number[] = [];
    new FrameClock(page).Start((delta) => deltas.push(delta));
    page.show(100);
    page.show(90);
    expect(deltas).toEqual([0]);
  });

  it("drives one loop at a time", () => {
    const clock = new FrameClock(new FakePage());
    clock.Start(() => {});
    expect(() => clock.Start(() => {})).toThrow("drives a loop already");
  });

  it("says what to use where there are no pictures", () => {
    expect(() => new FrameClock({})).toThrow("use TimerClock");
    expect(() => new FrameClock()).toThrow("use TimerClock");
  });
});
