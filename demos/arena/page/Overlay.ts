/**
 * The message over the picture when there is no game to show: what happened and what comes next.
 */
import { Find } from "../../Page.ts";

export class Overlay {
  readonly #section: HTMLElement;
  readonly #title: Element;
  readonly #text: Element;
  readonly #countdown: Element;
  readonly #retry: HTMLButtonElement;

  /** @param onRetry the person does not want to wait. */
  constructor(section: HTMLElement, onRetry: () => void) {
    this.#section = section;
    this.#title = Find("[data-testid=overlay-title]", Element, section);
    this.#text = Find("[data-testid=overlay-text]", Element, section);
    this.#countdown = Find("[data-testid=overlay-countdown]", Element, section);
    this.#retry = Find("[data-testid=overlay-retry]", HTMLButtonElement, section);
    this.#retry.addEventListener("click", onRetry);
  }

  Show(title: string, text: string): void {
    this.#title.textContent = title;
    this.#text.textContent = text;
    this.#section.hidden = false;
  }

  /** @param seconds until the next try by itself; null when it is under way. */
  Count(seconds: number | null): void {
    const text = seconds === null ? "Connecting…" : `Trying again in ${Math.ceil(seconds)} s`;
    if (this.#countdown.textContent !== text) this.#countdown.textContent = text;
    this.#retry.disabled = seconds === null;
  }

  Hide(): void {
    this.#section.hidden = true;
  }
}
