/**
 * Short-lived particles: explosions, hits, muzzle flashes. At most `maxSparks`; the oldest leave.
 */
import { Shape2D } from "moonwire/engine/pixi";
import type { Graphics } from "pixi.js";
import type { Camera } from "./Camera.ts";

const maxSparks = 400;
const drag = 2.2;

interface Spark {
  x: number;
  y: number;
  velocityX: number;
  velocityY: number;
  readonly color: number;
  readonly size: number;
  readonly seconds: number;
  left: number;
}

export class Sparks extends Shape2D {
  readonly #camera: Camera;
  readonly #gentle = matchMedia("(prefers-reduced-motion: reduce)").matches;
  #sparks: Spark[] = [];

  constructor(camera: Camera) {
    super();
    this.#camera = camera;
  }

  /** A wreck: many sparks in the ship's colour and a few white ones. */
  Explode(x: number, y: number, color: number): void {
    this.#burst(x, y, color, 46, 260, 0.9);
    this.#burst(x, y, 0xffb066, 26, 150, 0.6);
    this.#burst(x, y, 0xffffff, 12, 90, 0.35);
  }

  Hit(x: number, y: number, color: number): void {
    this.#burst(x, y, color, 9, 150, 0.35);
    this.#burst(x, y, 0xffffff, 4, 80, 0.2);
  }

  /** @param angle where the barrel points, radians. */
  Flash(x: number, y: number, angle: number): void {
    for (let i = 0; i < 3; i++) {
      const turn = angle + (Math.random() - 0.5) * 0.8;
      this.#add(x, y, turn, 90 + Math.random() * 120, 0xffffff, 0.1);
    }
  }

  override Process(delta: number): void {
    if (this.#sparks.length === 0) return;
    const slow = Math.exp(-drag * delta);
    for (const spark of this.#sparks) {
      spark.left -= delta;
      spark.x += spark.velocityX * delta;
      spark.y += spark.velocityY * delta;
      spark.velocityX *= slow;
      spark.velocityY *= slow;
    }
    this.#sparks = this.#sparks.filter((spark) => spark.left > 0);
    this.Redraw();
  }

  protected override Draw(graphics: Graphics): void {
    for (const spark of this.#sparks) {
      const { x, y } = this.#camera.Offset(spark.x, spark.y);
      const life = spark.left / spark.seconds;
      graphics.setFillStyle({ color: spark.color, alpha: life });
      graphics.circle(x, y, spark.size * (0.4 + 0.6 * life)).fill();
    }
  }

  #burst(x: number, y: number, color: number, count: number, speed: number, time: number): void {
    const sparks = this.#gentle ? Math.ceil(count / 4) : count;
    for (let i = 0; i < sparks; i++) {
      const turn = Math.random() * 2 * Math.PI;
      this.#add(x, y, turn, speed * (0.15 + Math.random()), color, time * (0.5 + Math.random()));
    }
  }

  #add(x: number, y: number, turn: number, speed: number, color: number, seconds: number): void {
    if (this.#sparks.length >= maxSparks) this.#sparks.shift();
    const velocityX = Math.cos(turn) * speed;
    const velocityY = Math.sin(turn) * speed;
    const size = 1.2 + Math.random() * 2;
    this.#sparks.push({ x, y, velocityX, velocityY, color, size, seconds, left: seconds });
  }
}
