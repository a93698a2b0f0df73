/** One moth: two pairs of wings that beat, a body, a glow, and the player's name. */
import { Label, Node2D, Polygon2D, Sprite2D } from "moonwire/engine/pixi";
import { IsDashing } from "../Rules.ts";
import type { Moth } from "../Rules.ts";
import { Glow, glowSize } from "./Glow.ts";
import { MothColor, Palette } from "./Palette.ts";

const upperWing = [
  { x: 3, y: 0 },
  { x: 13, y: -21 },
  { x: 1, y: -25 },
  { x: -9, y: -15 },
  { x: -5, y: 0 },
];
const lowerWing = [
  { x: -3, y: 0 },
  { x: -8, y: -15 },
  { x: -19, y: -16 },
  { x: -20, y: -6 },
  { x: -8, y: 0 },
];
const body = Array.from({ length: 12 }, (_, i) => ({
  x: Math.cos((i / 6) * Math.PI) * 11,
  y: Math.sin((i / 6) * Math.PI) * 3.5,
}));
/** How fast the shown place follows the known one, per second. */
const pull = 12;
const beatsPerSecond = 5;
const figureScale = 1.5;

export class MothView extends Node2D {
  readonly #figure = new Node2D("Figure");
  readonly #sides: readonly Node2D[] = [new Node2D("Left"), new Node2D("Right")];
  readonly #glow = new Sprite2D(Glow());
  readonly #name = new Label("", "Name");
  #moth: Moth | null = null;
  #beat = Math.random() * 6;
  #turn = 0;

  constructor(id: number, isOwn: boolean) {
    super();
    const color = MothColor(id);
    this.#glow.Modulate = color;
    this.#glow.Alpha = isOwn ? 0.5 : 0.28;
    this.#glow.Scale = { x: 130 / glowSize, y: 130 / glowSize };
    this.#glow.Container.blendMode = "add";
    for (const [points, shade] of [
      [lowerWing, 0.65],
      [upperWing, 0.9],
    ] as const) {
      for (const side of this.#sides) {
        const wing = new Polygon2D();
        wing.Points = points;
        wing.Color = color;
        wing.OutlineColor = 0xffffff;
        wing.OutlineWidth = 1;
        wing.Alpha = shade;
        side.AddChild(wing);
      }
    }
    this.#name.Anchor = { x: 0.5, y: 0 };
    this.#name.FontFamily = ["system-ui", "sans-serif"];
    this.#name.FontSize = 19;
    this.#name.Color = isOwn ? Palette.ownName : Palette.name;
    this.#name.Position = { x: 0, y: 38 };
  }

  override Ready(): void {
    const torso = new Polygon2D();
    torso.Points = body;
    torso.Color = 0xfff6e0;
    this.AddChild(this.#glow);
    this.AddChild(this.#figure);
    this.#figure.Scale = { x: figureScale, y: figureScale };
    for (const part of [...this.#sides, torso]) this.#figure.AddChild(part);
    this.AddChild(this.#name);
  }

  /** @param moth as the host says it is now. */
  Show(moth: Moth, name: string): void {
    if (this.#moth === null) this.Position = { x: moth.X, y: moth.Y };
    this.#moth = moth;
    if (this.#name.Text !== name) this.#name.Text = name;
  }

  override Process(delta: number): void {
    const moth = this.#moth;
    if (moth === null) return;
    const blend = 1 - Math.exp(-pull * delta);
    const { Position: at } = this;
    at.x += moth.VelocityX * delta + (moth.X - at.x) * blend;
    at.y += moth.VelocityY * delta + (moth.Y - at.y) * blend;
    const speed = Math.hypot(moth.VelocityX, moth.VelocityY);
    if (speed > 12) this.#turnTo(Math.atan2(moth.VelocityY, moth.VelocityX), blend);
    this.#beat += delta * beatsPerSecond * (1 + speed / 200) * Math.PI;
    const open = IsDashing(moth) ? 0.35 : 0.62 + 0.38 * Math.sin(this.#beat);
    this.#sides.forEach((side, i) => (side.Scale = { x: 1, y: i === 0 ? open : -open }));
    this.#figure.Rotation = this.#turn;
    this.#figure.Alpha = moth.Safe > 0 && moth.Safe % 6 < 3 ? 0.45 : 1;
    const size = (IsDashing(moth) ? 210 : 130) / glowSize;
    this.#glow.Scale = { x: size, y: size };
  }

  /** The short way round. */
  #turnTo(angle: number, blend: number): void {
    const way = Math.atan2(Math.sin(angle - this.#turn), Math.cos(angle - this.#turn));
    this.#turn += way * blend;
  }
}
