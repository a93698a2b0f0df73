/** The meadow: grass, its rim, the lantern in its middle, and the sparks that lie in it. */
import { Node2D, Shape2D, Sprite2D } from "moonwire/engine/pixi";
import type { Graphics } from "pixi.js";
import { Rules } from "../Rules.ts";
import type { Spark } from "../Rules.ts";
import { Glow, glowSize } from "./Glow.ts";
import { Palette } from "./Palette.ts";

const lanternSize = 180;

class Grass extends Shape2D {
  constructor() {
    super();
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    graphics.circle(0, 0, Rules.meadow).fill(Palette.grass);
    for (let ring = 1; ring < 4; ring++) {
      graphics.circle(0, 0, (Rules.meadow * ring) / 4).stroke({ width: 1, color: 0x173038 });
    }
    graphics.circle(0, 0, Rules.meadow).stroke({ width: 3, color: Palette.rim });
  }
}

export class MeadowView extends Node2D {
  readonly #lantern = new Sprite2D(Glow());
  readonly #sparks: Sprite2D[] = [];
  #time = 0;

  override Ready(): void {
    this.AddChild(this.#ground());
    this.#lantern.Modulate = Palette.lantern;
    this.#lantern.Alpha = 0.6;
    this.#lantern.Container.blendMode = "add";
    this.AddChild(this.#lantern);
    for (let i = 0; i < Rules.maxSparks; i++) {
      const node = new Sprite2D(Glow());
      node.Modulate = Palette.spark;
      node.Container.blendMode = "add";
      node.Visible = false;
      this.#sparks.push(node);
      this.AddChild(node);
    }
  }

  /** The lantern breathes and the sparks flicker, each in its own time. */
  override Process(delta: number): void {
    this.#time += delta;
    const breath = (lanternSize * (1 + 0.1 * Math.sin(this.#time * 1.3))) / glowSize;
    this.#lantern.Scale = { x: breath, y: breath };
    this.#sparks.forEach((node, i) => {
      const size = (44 + 9 * Math.sin(this.#time * 4 + i * 1.7)) / glowSize;
      node.Scale = { x: size, y: size };
    });
  }

  /** What never changes, as one picture: drawn anew in each frame it would cost the most. */
  #ground(): Node2D {
    const ground = new Node2D("Ground");
    const light = new Sprite2D(Glow());
    const size = (1.5 * Rules.meadow) / glowSize;
    light.Modulate = Palette.lantern;
    light.Alpha = 0.3;
    light.Scale = { x: size, y: size };
    ground.AddChild(new Grass());
    ground.AddChild(light);
    ground.TreeEntered.Connect(() => ground.Container.cacheAsTexture({ antialias: true }));
    return ground;
  }

  Show(sparks: readonly Spark[]): void {
    this.#sparks.forEach((node, i) => {
      const spark = sparks[i];
      node.Visible = spark !== undefined;
      if (spark !== undefined) node.Position = { x: spark.X, y: spark.Y };
    });
  }
}
