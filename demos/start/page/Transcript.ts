/** What was said in both directions, as text. At most `maxLines`; the oldest leave. */
const maxLines = 200;

export class Transcript {
  readonly #list: Element;
  #decoder = new TextDecoder();

  constructor(list: Element) {
    this.#list = list;
  }

  Clear(): void {
    this.#decoder = new TextDecoder();
    this.#list.replaceChildren();
  }

  Sent(text: string): void {
    this.#add("sent", text);
  }

  /** Bytes as they came; a character that is cut in two is shown when its rest has come. */
  Received(bytes: Uint8Array): void {
    const text = this.#decoder.decode(bytes, { stream: true });
    if (text !== "") this.#add("received", text);
  }

  #add(direction: "sent" | "received", text: string): void {
    const line = document.createElement("li");
    line.dataset.direction = direction;
    line.textContent = text;
    this.#list.append(line);
    if (this.#list.childElementCount > maxLines) this.#list.firstElementChild?.remove();
    this.#list.scrollTop = this.#list.scrollHeight;
  }
}
