/** One ShipView for each ship in the scene: made when it appears, freed when it is gone. */
import { Node2D } from "moonwire/engine/pixi";
import type { Ship } from "../Rules.ts";
import type { Camera } from "./Camera.ts";
import { ShipColor } from "./Palette.ts";
import type { Pose } from "./Prediction.ts";
import { ShipView } from "./ShipView.ts";

/** The own ship as this page predicts it. */
export interface OwnShip {
  readonly Ship: Ship;
  readonly Pose: Pose;
}

export class Fleet extends Node2D {
  readonly #camera: Camera;
  readonly #views = new Map<number, ShipView>();

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
  }

  /** @param own stands in for the ship of the same id in `ships`; null while there is none. */
  Show(ships: readonly Ship[], names: ReadonlyMap<number, string>, own: OwnShip | null): void {
    const ids = new Set(ships.map((ship) => ship.Id));
    for (const [id, view] of this.#views) {
      if (ids.has(id)) continue;
      view.QueueFree();
      this.#views.delete(id);
    }
    for (const ship of ships) {
      const isOwn = ship.Id === own?.Ship.Id;
      const view = this.#viewOf(ship.Id);
      const pose = isOwn ? own.Pose : ship;
      view.Dress(names.get(ship.Id) ?? "", ShipColor(ship.Id, isOwn), isOwn, this.#camera.Zoom);
      view.Show(isOwn ? own.Ship : ship, pose.Angle, this.#camera.Offset(pose.X, pose.Y));
    }
  }

  #viewOf(id: number): ShipView {
    let view = this.#views.get(id);
    if (view === undefined) {
      view = new ShipView();
      this.#views.set(id, view);
      this.AddChild(view);
    }
    return view;
  }
}
