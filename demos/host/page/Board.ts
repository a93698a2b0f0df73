/** Who flies here and how many sparks each has, best first, and who won. */
import { Node } from "moonwire/engine";
import { Find } from "../../Page.ts";
import { Rules } from "../Rules.ts";
import { CssColor, MothColor } from "./Palette.ts";
import type { Picture } from "./Picture.ts";

export class Board extends Node {
  readonly #picture: Picture;
  readonly #section: HTMLElement;
  readonly #list: Element;
  readonly #notice: HTMLElement;
  #shown = "";

  constructor(picture: Picture, section: HTMLElement, notice: HTMLElement) {
    super();
    this.#picture = picture;
    this.#section = section;
    this.#list = Find("ol", Element, section);
    this.#notice = notice;
  }

  override Process(): void {
    const { OwnId = 0, Names, Scene = null } = this.#picture.Game ?? {};
    const rows = (Scene?.Moths ?? [])
      .map(({ Id, Score }) => ({ Id, Score, Name: Names?.get(Id) ?? "" }))
      .toSorted((a, b) => b.Score - a.Score || a.Id - b.Id);
    const winner = Names?.get(Scene?.Winner ?? 0) ?? "";
    const text = JSON.stringify([OwnId, rows, winner]);
    if (text === this.#shown) return;
    this.#shown = text;
    this.#section.hidden = rows.length === 0;
    this.#list.replaceChildren(...rows.map((row) => createRow(row, row.Id === OwnId)));
    this.#notice.hidden = winner === "";
    this.#notice.textContent = `${winner} wins the round`;
  }
}

function createRow(row: { Id: number; Score: number; Name: string }, isOwn: boolean): HTMLElement {
  const item = document.createElement("li");
  item.style.setProperty("--moth", CssColor(MothColor(row.Id)));
  item.style.setProperty("--part", `${Math.min(100, (100 * row.Score) / Rules.goal)}%`);
  item.toggleAttribute("data-own", isOwn);
  for (const text of [row.Name, String(row.Score)]) {
    const cell = document.createElement("span");
    cell.textContent = text;
    item.append(cell);
  }
  return item;
}
