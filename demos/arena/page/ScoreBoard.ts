/** Who is here and how they do, best first. Rewritten only when something in it changed. */
import { Node } from "moonwire/engine";
import { Find } from "../../Page.ts";
import type { ArenaGame } from "./ArenaGame.ts";
import { CssColor, ShipColor } from "./Palette.ts";

export class ScoreBoard extends Node {
  readonly #game: ArenaGame;
  readonly #section: HTMLElement;
  readonly #list: Element;
  #shown = "";

  constructor(game: ArenaGame, section: HTMLElement) {
    super();
    this.#game = game;
    this.#section = section;
    this.#list = Find("ol", Element, section);
  }

  override Process(): void {
    const ownId = this.#game.Client.OwnId;
    const rows = this.#game.Ships.map(({ Id, Score }) => {
      return { Id, Score, Name: this.#game.Names.get(Id) ?? "" };
    }).toSorted((a, b) => b.Score - a.Score || a.Id - b.Id);
    const text = JSON.stringify([ownId, rows]);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#section.hidden = rows.length === 0;
    this.#list.replaceChildren(
      ...rows.map((row) => createRow(row.Name, row.Score, row.Id, row.Id === ownId)),
    );
  }
}

function createRow(name: string, score: number, id: number, isOwn: boolean): HTMLElement {
  const row = document.createElement("li");
  row.style.setProperty("--ship", CssColor(ShipColor(id, isOwn)));
  row.toggleAttribute("data-own", isOwn);
  for (const text of [name, String(score)]) {
    const cell = document.createElement("span");
    cell.textContent = text;
    row.append(cell);
  }
  return row;
}
