/** A soft white light as a texture; sprites tint and scale it. Painted once per page. */
import { Texture } from "pixi.js";

/** Pixels; a sprite of scale 1 is this wide. */
export const glowSize = 128;

let painted: Texture | null = null;

export function Glow(): Texture {
  painted ??= Texture.from(paint());
  return painted;
}

function paint(): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = glowSize;
  const context = canvas.getContext("2d");
  if (context === null) return canvas;
  const middle = glowSize / 2;
  const light = context.createRadialGradient(middle, middle, 0, middle, middle, middle);
  light.addColorStop(0, "#ffffffff");
  light.addColorStop(0.25, "#ffffff66");
  light.addColorStop(1, "#ffffff00");
  context.fillStyle = light;
  context.fillRect(0, 0, glowSize, glowSize);
  return canvas;
}
