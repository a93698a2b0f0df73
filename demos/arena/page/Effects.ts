/**
 * Turns changes between two pictures into sparks: a hull that lost a point was hit, one that lost
 * the last exploded. The server sends no events for this, so a skipped snapshot loses none.
 */
import type { Ship } from "../Rules.ts";
import { ShipColor } from "./Palette.ts";
import type { OwnShip } from "./Fleet.ts";
import type { Sparks } from "./Sparks.ts";

export class Effects {
  readonly #sparks: Sparks;
  #hulls = new Map<number, number>();

  constructor(sparks: Sparks) {
    this.#sparks = sparks;
  }

  /**
   * @param ships as they are drawn now.
   * @param own where the own ship is drawn instead.
   */
  Watch(ships: readonly Ship[], own: OwnShip | null): void {
    const hulls = new Map<number, number>();
    for (const ship of ships) {
      hulls.set(ship.Id, ship.Hull);
      const isOwn = ship.Id === own?.Ship.Id;
      const place = isOwn ? own.Pose : ship;
      const before = this.#hulls.get(ship.Id) ?? ship.Hull;
      if (ship.Hull >= before) continue;
      const color = ShipColor(ship.Id, isOwn);
      if (ship.Hull === 0) this.#sparks.Explode(place.X, place.Y, color);
      else this.#sparks.Hit(place.X, place.Y, color);
    }
    this.#hulls = hulls;
  }
}
