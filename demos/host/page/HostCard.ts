/**
 * What the host sees of its server: that the bridge is asked, then the word that others join by,
 * or why there is none and how that is mended.
 */
import { Node } from "moonwire/engine";
import { SocketError, SocketErrorText } from "moonwire/networking";
import { Find } from "../../Page.ts";
import { NoBridge } from "../../Targets.ts";
import type { GameHost } from "../GameHost.ts";
import { CodeOf } from "../JoinCode.ts";

const listenHint = "Start the bridge with --listen-ports 7400-7499, so that pages may listen.";

export class HostCard extends Node {
  readonly #host: GameHost;
  readonly #card: HTMLElement;
  readonly #text: HTMLElement;
  readonly #again: HTMLButtonElement;
  readonly #link: HTMLButtonElement;
  #shown = -1;
  #failure = "";

  constructor(host: GameHost, card: HTMLElement) {
    super();
    this.#host = host;
    this.#card = card;
    this.#text = Find("[data-testid=host-text]", HTMLElement, card);
    this.#again = Find("[data-testid=host-again]", HTMLButtonElement, card);
    this.#link = Find("[data-testid=host-link]", HTMLButtonElement, card);
    this.#again.addEventListener("click", () => this.#tryAgain());
    this.#link.addEventListener("click", () => void this.#copyLink());
    host.Net.ListenFailed.Connect((code) => this.#onFailed(code));
  }

  override Ready(): void {
    this.#card.hidden = false;
    this.#show();
  }

  /** The port is there when the bridge grants it, and away while the link to it is lost. */
  override Process(): void {
    if (this.#host.Net.GetLocalPort() !== this.#shown) this.#show();
  }

  #show(): void {
    const port = this.#host.Net.GetLocalPort();
    const wasThere = this.#shown > 0;
    this.#shown = port;
    const code = Find("[data-testid=host-code]", HTMLElement, this.#card);
    code.textContent = port > 0 ? CodeOf(port) : "";
    this.#card.dataset.state = port > 0 ? "open" : "waiting";
    this.#link.hidden = port === 0;
    this.#again.hidden = this.#failure === "";
    if (this.#failure !== "") this.#text.textContent = this.#failure;
    else if (port > 0) this.#text.textContent = `Others join with this word, at port ${port}.`;
    else if (wasThere) this.#text.textContent = "The bridge is away. The game opens again with it.";
    else this.#text.textContent = "Asking the bridge for a port…";
  }

  #onFailed(code: SocketError): void {
    this.#failure = `No port. ${SocketErrorText(code)}`;
    if (code === SocketError.HOST_UNREACHABLE) this.#failure = NoBridge;
    if (code === SocketError.UNAVAILABLE) this.#failure = listenHint;
    this.#show();
  }

  #tryAgain(): void {
    this.#failure = "";
    this.#host.Net.StartListening();
    this.#show();
  }

  async #copyLink(): Promise<void> {
    const link = new URL(`#${CodeOf(this.#shown)}`, location.href).href;
    try {
      await navigator.clipboard.writeText(link);
      this.#link.textContent = "Copied";
    } catch {
      // Not allowed: the person can still say the word.
      this.#link.textContent = link;
    }
  }
}
