/** Who is here and how they do, best first. Rewritten only when something in it changed. */
import type { Ship } from "../Rules.ts";
import { CssColor, ShipColor } from "./Palette.ts";

export class ScoreBoard {
  readonly #section: HTMLElement;
  readonly #list: Element;
  #shown = "";

  /** @param list the element inside `section` that takes the rows. */
  constructor(section: HTMLElement, list: Element) {
    this.#section = section;
    this.#list = list;
  }

  Show(ships: readonly Ship[], names: ReadonlyMap<number, string>, ownId: number | null): void {
    const rows = ships
      .map(({ Id, Score }) => ({ Id, Score, Name: names.get(Id) ?? "" }))
      .toSorted((a, b) => b.Score - a.Score || a.Id - b.Id);
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
