/**
 * What the player wants: the moth flies to the pointer, or where arrows or WASD say; a click, a
 * second finger or the space bar is a dash. Keys count only while `Enabled`.
 */
import { Node } from "moonwire/engine";
import type { Steer } from "../Rules.ts";
import type { Picture } from "./Picture.ts";

const keys: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  KeyA: [-1, 0],
  ArrowRight: [1, 0],
  KeyD: [1, 0],
  ArrowUp: [0, -1],
  KeyW: [0, -1],
  ArrowDown: [0, 1],
  KeyS: [0, 1],
};
/** At this distance from the pointer, CSS pixels, the moth flies as fast as it can. */
const fullSpeedPixels = 90;
/** Nearer than this it rests. */
const restPixels = 10;
/** A click is told for this long, so that no step misses it. */
const dashSeconds = 0.15;

export class Steering extends Node {
  Enabled = false;
  readonly #picture: Picture;
  readonly #stage: HTMLElement;
  readonly #listening = new AbortController();
  readonly #held = new Set<string>();
  #pointer: { readonly x: number; readonly y: number } | null = null;
  #dashLeft = 0;

  constructor(picture: Picture, stage: HTMLElement) {
    super();
    this.#picture = picture;
    this.#stage = stage;
  }

  override Ready(): void {
    const { signal } = this.#listening;
    addEventListener("keydown", (event) => this.#onKey(event), { signal });
    addEventListener("keyup", (event) => this.#held.delete(event.code), { signal });
    addEventListener("blur", () => this.#held.clear(), { signal });
    this.#stage.addEventListener("pointermove", (event) => this.#follow(event), { signal });
    this.#stage.addEventListener("pointerdown", (event) => this.#onDown(event), { signal });
  }

  override ExitTree(): void {
    this.#listening.abort();
  }

  override Process(delta: number): void {
    this.#dashLeft = Math.max(0, this.#dashLeft - delta);
    if (this.#picture.Game !== null) this.#picture.Game.Steer = this.#want();
  }

  #want(): Steer {
    const Dash = this.#dashLeft > 0;
    if (this.#held.size > 0) {
      const ways = [...this.#held].map((code) => keys[code] ?? [0, 0]);
      return { X: sum(ways.map(([x]) => x)), Y: sum(ways.map(([, y]) => y)), Dash };
    }
    if (this.#pointer === null) return { X: 0, Y: 0, Dash };
    const own = this.#picture.OwnPlace();
    const [x, y] = [this.#pointer.x - own.x, this.#pointer.y - own.y];
    const length = Math.hypot(x, y);
    if (length < restPixels) return { X: 0, Y: 0, Dash };
    const speed = Math.min(1, length / fullSpeedPixels) / length;
    return { X: x * speed, Y: y * speed, Dash };
  }

  #follow(event: PointerEvent): void {
    if (event.isPrimary) this.#pointer = { x: event.clientX, y: event.clientY };
  }

  /** A finger's first touch says where to; the mouse has said that already. */
  #onDown(event: PointerEvent): void {
    if (event.pointerType !== "touch" || !event.isPrimary) this.#dashLeft = dashSeconds;
    this.#follow(event);
  }

  #onKey(event: KeyboardEvent): void {
    if (!this.Enabled || event.ctrlKey || event.metaKey) return;
    if (event.code === "Space") this.#dashLeft = dashSeconds;
    else if (event.code in keys) {
      this.#held.add(event.code);
      this.#pointer = null;
    } else return;
    event.preventDefault();
  }
}

/** Within -1..1, whatever is held. */
function sum(parts: readonly number[]): number {
  return Math.max(
    -1,
    Math.min(
      1,
      parts.reduce((a, b) => a + b, 0),
    ),
  );
}
