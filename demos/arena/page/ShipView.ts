/** One ship on the picture: hull, flame, shield, name, and pips for a damaged hull. */
import { ColorRect, Label, Line2D, Node2D, Polygon2D } from "moonwire/engine/pixi";
import { Rules } from "../Rules.ts";
import type { Ship } from "../Rules.ts";
import { Palette } from "./Palette.ts";

const hullPoints = [
  { x: 18, y: 0 },
  { x: -12, y: 12 },
  { x: -7, y: 0 },
  { x: -12, y: -12 },
];
const shieldPoints = Array.from({ length: 28 }, (_, i) => ({
  x: Math.cos((i / 14) * Math.PI) * 23,
  y: Math.sin((i / 14) * Math.PI) * 23,
}));
const nameSize = 13;
const namePlace = 26;
const pip = { x: 7, y: 3 };

export class ShipView extends Node2D {
  readonly #body = new Node2D("Body");
  readonly #flame = new Polygon2D("Flame");
  readonly #flameCore = new Polygon2D("FlameCore");
  readonly #hull = new Polygon2D("Hull");
  readonly #shield = new Line2D("Shield");
  readonly #name = new Label("", "Name");
  readonly #pips: readonly ColorRect[];
  #color = -1;
  #time = Math.random();

  constructor() {
    super();
    this.#flame.Points = flame(30, 7);
    this.#flame.Color = Palette.flame;
    this.#flameCore.Points = flame(18, 4);
    this.#flameCore.Color = Palette.flameCore;
    this.#hull.Points = hullPoints;
    this.#hull.OutlineWidth = 2.5;
    this.#shield.Points = shieldPoints;
    this.#shield.Closed = true;
    this.#shield.Width = 1.5;
    this.#shield.Color = Palette.shield;
    this.#name.Anchor = { x: 0.5, y: 0 };
    this.#name.FontFamily = ["system-ui", "sans-serif"];
    this.#pips = Array.from({ length: Rules.hull }, () => new ColorRect(pip));
  }

  override Ready(): void {
    this.AddChild(this.#body);
    for (const part of [this.#flame, this.#flameCore, this.#hull]) this.#body.AddChild(part);
    this.AddChild(this.#shield);
    this.AddChild(this.#name);
    this.#pips.forEach((node, i) => {
      node.Position = { x: (i - Rules.hull / 2) * (pip.x + 2) + 1, y: namePlace - 6 };
      this.AddChild(node);
    });
  }

  /** The flame flickers and the shield breathes. */
  override Process(delta: number): void {
    this.#time += delta;
    const flicker = 0.75 + 0.25 * Math.sin(this.#time * 61) * Math.sin(this.#time * 37);
    this.#flame.Scale = { x: flicker, y: 1 };
    this.#flameCore.Scale = { x: flicker, y: 1 };
    this.#shield.Alpha = 0.55 + 0.3 * Math.sin(this.#time * 7);
  }

  /**
   * @param angle where it points, radians.
   * @param offset its way from the camera, world units.
   */
  Show(ship: Ship, angle: number, offset: { x: number; y: number }): void {
    this.Visible = ship.Hull > 0;
    this.Position = offset;
    this.#body.Rotation = angle;
    this.#flame.Visible = ship.Thrusting;
    this.#flameCore.Visible = ship.Thrusting;
    this.#shield.Visible = ship.Shield > 0;
    this.#pips.forEach((node, i) => {
      node.Visible = ship.Hull < Rules.hull;
      node.Alpha = i < ship.Hull ? 0.95 : 0.2;
    });
  }

  /** @param zoom the camera's, so that the text is drawn in the size in which it is seen. */
  Dress(name: string, color: number, isOwn: boolean, zoom: number): void {
    const size = Math.round(nameSize * Math.max(1, zoom));
    this.#name.Text = name;
    if (this.#name.FontSize !== size) this.#name.FontSize = size;
    this.#name.Scale = { x: 1 / zoom, y: 1 / zoom };
    this.#name.Position = { x: 0, y: namePlace };
    if (color === this.#color) return;
    this.#color = color;
    this.#hull.Color = darken(color);
    this.#hull.OutlineColor = color;
    this.#name.Color = isOwn ? Palette.ownName : Palette.name;
    for (const node of this.#pips) node.Color = color;
  }
}

function flame(length: number, width: number): { x: number; y: number }[] {
  return [
    { x: -8, y: -width },
    { x: -8 - length, y: 0 },
    { x: -8, y: width },
  ];
}

/** A fifth of the light of each channel. */
function darken(color: number): number {
  const channel = (shift: number): number => Math.round(((color >> shift) & 0xff) / 5) << shift;
  return channel(16) | channel(8) | channel(0);
}
