/** What the pixi nodes hand to pixi, in a form that tests can compare. */
import "./FakePage.ts";
import { Graphics } from "pixi.js";
import type { Node2D } from "../../../engine/pixi/index.ts";

/** The pixi object that a node draws with: the first thing in its container. */
export function ViewOf<T>(node: Node2D, type: new (...args: never[]) => T): T {
  const view = node.Container.children[0];
  if (view instanceof type) return view;
  throw new Error(`The node draws with ${view?.constructor.name}, not with ${type.name}.`);
}

/** The extent of what a shape draws: [left, top, width, height]. */
export function ExtentOf(node: Node2D): number[] {
  const { x, y, width, height } = ViewOf(node, Graphics).context.bounds;
  return [x, y, width, height];
}

/** The colours of the fills and strokes that a shape draws, in order. */
export function PaintOf(node: Node2D): string[] {
  return ViewOf(node, Graphics).context.instructions.map((instruction) => {
    if (instruction.action === "texture") return "texture";
    const { style } = instruction.data;
    const width = "width" in style ? ` ${style.width}` : "";
    return `${instruction.action} ${style.color.toString(16)}${width}`;
  });
}

export const Triangle = [
  { x: 0, y: 0 },
  { x: 30, y: 0 },
  { x: 0, y: 20 },
];
