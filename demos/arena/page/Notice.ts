/** Tells the pilot of a wreck when it flies again. */
import { Node } from "moonwire/engine";
import { Rules } from "../Rules.ts";
import type { ArenaGame } from "./ArenaGame.ts";

export class Notice extends Node {
  readonly #game: ArenaGame;
  readonly #element: HTMLElement;

  constructor(game: ArenaGame, element: HTMLElement) {
    super();
    this.#game = game;
    this.#element = element;
  }

  override Process(): void {
    const ownId = this.#game.Client.OwnId;
    const own = this.#game.Ships.find((ship) => ship.Id === ownId);
    const isWrecked = own?.Hull === 0;
    this.#element.hidden = !isWrecked;
    if (!isWrecked) return;
    const seconds = Math.ceil(own.Respawn / Rules.stepsPerSecond);
    const text = `Wrecked. Back in ${seconds}`;
    if (this.#element.textContent !== text) this.#element.textContent = text;
  }
}
