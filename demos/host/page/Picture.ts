/** The whole picture of a game: the meadow, a view for each moth, and where the own one is seen. */
import { Node } from "moonwire/engine";
import type { PixiApp } from "moonwire/engine/pixi";
import { Node2D } from "moonwire/engine/pixi";
import type { Game } from "../Game.ts";
import { Rules } from "../Rules.ts";
import { MeadowView } from "./MeadowView.ts";
import { MothView } from "./MothView.ts";

/** Free room around the meadow, in its units. */
const margin = 24;

export class Picture extends Node {
  /** What is shown; null shows an empty meadow. */
  Game: Game | null = null;
  readonly #app: PixiApp;
  readonly #world = new Node2D("World");
  readonly #meadow = new MeadowView();
  readonly #moths = new Map<number, MothView>();

  constructor(app: PixiApp) {
    super();
    this.#app = app;
  }

  override Ready(): void {
    this.AddChild(this.#world);
    this.#world.AddChild(this.#meadow);
    this.#app.Resized.Connect(() => this.#fit());
    this.#fit();
  }

  override Process(): void {
    const { OwnId = 0, Names, Scene = null } = this.Game ?? {};
    const moths = Scene?.Moths ?? [];
    this.#meadow.Show(Scene?.Sparks ?? []);
    for (const [id, view] of this.#moths) {
      if (moths.some(({ Id }) => Id === id)) continue;
      this.#moths.delete(id);
      view.QueueFree();
    }
    for (const moth of moths) this.#view(moth.Id, OwnId).Show(moth, Names?.get(moth.Id) ?? "");
  }

  /** Where the own moth is seen, CSS pixels; the middle of the meadow while there is none. */
  OwnPlace(): { readonly x: number; readonly y: number } {
    const { x, y } = this.#moths.get(this.Game?.OwnId ?? 0)?.Position ?? { x: 0, y: 0 };
    const { Position, Scale } = this.#world;
    return { x: Position.x + x * Scale.x, y: Position.y + y * Scale.y };
  }

  #view(id: number, ownId: number): MothView {
    const known = this.#moths.get(id);
    if (known !== undefined) return known;
    const view = new MothView(id, id === ownId);
    this.#moths.set(id, view);
    this.#world.AddChild(view);
    return view;
  }

  #fit(): void {
    const { x, y } = this.#app.Size;
    const zoom = Math.min(x, y) / (2 * (Rules.meadow + margin));
    this.#world.Position = { x: x / 2, y: y / 2 };
    this.#world.Scale = { x: zoom, y: zoom };
  }
}
