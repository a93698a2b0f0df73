/**
 * Which of the pilot's buttons are down. A tap that is over before the next step still counts for
 * one step, and a button held twice (key and finger) is up when both let go.
 */
export class HeldButtons {
  readonly #holders = new Map<string, number>();
  #tapped = 0;

  /**
   * @param holder what holds it: a key's code, a finger.
   * @param button a bit of `Button`.
   */
  Press(holder: string, button: number): void {
    this.#holders.set(holder, button);
    this.#tapped |= button;
  }

  Release(holder: string): void {
    this.#holders.delete(holder);
  }

  ReleaseAll(): void {
    this.#holders.clear();
    this.#tapped = 0;
  }

  /** The bits for the next step. */
  Take(): number {
    let buttons = this.#tapped;
    this.#tapped = 0;
    for (const button of this.#holders.values()) buttons |= button;
    return buttons;
  }
}
