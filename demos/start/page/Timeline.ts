/**
 * What the connection went through, with the time of each step. At most `maxEntries`; the oldest
 * leave.
 */
import { StatusName } from "moonwire/networking";
import type { Status } from "moonwire/networking";

const maxEntries = 40;

export class Timeline {
  readonly #list: Element;
  #startMs = 0;

  constructor(list: Element) {
    this.#list = list;
  }

  /** Starts anew. @param nowMs any clock; the entries show milliseconds from here. */
  Begin(nowMs: number): void {
    this.#startMs = nowMs;
    this.#list.replaceChildren();
  }

  /** @param detail a sentence for people, may be empty. */
  Add(status: Status, nowMs: number, detail: string): void {
    const entry = document.createElement("li");
    entry.dataset.status = StatusName(status);
    for (const [tag, text] of [
      ["strong", StatusName(status)],
      ["time", `+${Math.round(nowMs - this.#startMs)} ms`],
      ["p", detail],
    ] as const) {
      const part = document.createElement(tag);
      part.textContent = text;
      if (text !== "") entry.append(part);
    }
    this.#list.append(entry);
    if (this.#list.childElementCount > maxEntries) this.#list.firstElementChild?.remove();
  }
}
