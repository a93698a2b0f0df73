/** What a guest sees while there is no game: that it connects, waits, or why it cannot join. */
import { Node } from "moonwire/engine";
import { SocketError, SocketErrorText } from "moonwire/networking";
import { Find } from "../../Page.ts";
import { NoBridge } from "../../Targets.ts";
import type { GameGuest } from "../GameGuest.ts";

export class GuestCard extends Node {
  readonly #guest: GameGuest;
  readonly #card: HTMLElement;
  #why = "Looking for the host…";

  constructor(guest: GameGuest, card: HTMLElement) {
    super();
    this.#guest = guest;
    this.#card = card;
    guest.Net.Disconnected.Connect(() => {
      this.#why = "The host has gone. Perhaps it comes back.";
    });
    guest.Net.ConnectFailed.Connect((code) => {
      this.#why = explain(code);
    });
    guest.Refused.Connect((why) => {
      this.#why = why;
    });
    Find("button", HTMLButtonElement, card).addEventListener("click", () => {
      location.hash = "";
      location.reload();
    });
  }

  override Process(): void {
    const waitMs = this.#guest.Net.GetRetryDelay();
    const next = waitMs > 0 ? ` Trying again in ${Math.ceil(waitMs / 1_000)} s.` : "";
    const text = Find("p", HTMLElement, this.#card);
    if (text.textContent !== this.#why + next) text.textContent = this.#why + next;
    this.#card.hidden = this.#guest.OwnId !== 0;
  }
}

function explain(code: SocketError): string {
  if (code === SocketError.CONNECTION_REFUSED) return "Nobody hosts a game with this code.";
  return code === SocketError.HOST_UNREACHABLE ? NoBridge : SocketErrorText(code);
}
