/**
 * Keyboard and touch, as buttons. Arrows or WASD turn and thrust, space fires; on a touch screen
 * the page's own buttons (`data-button`) do the same. Keys go to the game only while `Enabled`.
 */
import { Node } from "moonwire/engine";
import { Button } from "../Rules.ts";
import { HeldButtons } from "./HeldButtons.ts";

const keys = new Map<string, number>([
  ["ArrowLeft", Button.LEFT],
  ["KeyA", Button.LEFT],
  ["ArrowRight", Button.RIGHT],
  ["KeyD", Button.RIGHT],
  ["ArrowUp", Button.THRUST],
  ["KeyW", Button.THRUST],
  ["Space", Button.FIRE],
]);

const touchButtons: Readonly<Record<string, number>> = {
  left: Button.LEFT,
  right: Button.RIGHT,
  thrust: Button.THRUST,
  fire: Button.FIRE,
};

export class Controls extends Node {
  readonly #held = new HeldButtons();
  readonly #touchArea: HTMLElement;
  readonly #listening = new AbortController();
  #enabled = false;

  /** @param touchArea holds the touch buttons. */
  constructor(touchArea: HTMLElement) {
    super();
    this.#touchArea = touchArea;
  }

  get Enabled(): boolean {
    return this.#enabled;
  }

  set Enabled(enabled: boolean) {
    this.#enabled = enabled;
    this.#held.ReleaseAll();
  }

  /** Bits of `Button` for the next step. */
  Take(): number {
    const buttons = this.#held.Take();
    return this.#enabled ? buttons : 0;
  }

  override Ready(): void {
    const { signal } = this.#listening;
    addEventListener("keydown", (event) => this.#onKeyDown(event), { signal });
    addEventListener("keyup", (event) => this.#held.Release(event.code), { signal });
    addEventListener("blur", () => this.#held.ReleaseAll(), { signal });
    for (const element of this.#touchArea.querySelectorAll<HTMLElement>("[data-button]")) {
      this.#bindTouch(element, touchButtons[element.dataset.button ?? ""] ?? 0);
    }
  }

  override ExitTree(): void {
    this.#listening.abort();
  }

  #onKeyDown(event: KeyboardEvent): void {
    const button = keys.get(event.code);
    if (button === undefined || !this.#enabled || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (!event.repeat) this.#held.Press(event.code, button);
  }

  #bindTouch(element: HTMLElement, button: number): void {
    const { signal } = this.#listening;
    const onDown = (event: PointerEvent): void => {
      event.preventDefault();
      element.setPointerCapture(event.pointerId);
      this.#held.Press(`pointer ${event.pointerId}`, button);
    };
    const onUp = (event: PointerEvent): void => this.#held.Release(`pointer ${event.pointerId}`);
    element.addEventListener("pointerdown", onDown, { signal });
    element.addEventListener("pointerup", onUp, { signal });
    element.addEventListener("pointercancel", onUp, { signal });
    element.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
  }
}
