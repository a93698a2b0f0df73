/**
 * What of a page the pixi nodes need under Node.js. pixi.js asks for `navigator` when it is loaded,
 * so import this file before it. Nothing is drawn: these tests look at pixi's scene objects, and at
 * what PixiApp asks of an Application; pictures are looked at by the demos' end-to-end tests.
 */

import { vi } from "vitest";

vi.stubGlobal("navigator", { userAgent: "Node.js" });

/** Stands for ResizeObserver, told by the test that an element has changed. */
export class FakeResizeObserver {
  static readonly Live = new Set<FakeResizeObserver>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  observe(): void {
    FakeResizeObserver.Live.add(this);
  }

  disconnect(): void {
    FakeResizeObserver.Live.delete(this);
  }

  static NotifyAll(): void {
    for (const observer of FakeResizeObserver.Live) observer.#changed();
  }
}

vi.stubGlobal("ResizeObserver", FakeResizeObserver);
