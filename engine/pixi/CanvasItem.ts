/**
 * CanvasItem: a node that is drawn, or in which others are drawn: PixiApp and Node2D.
 */

import type { Container } from "pixi.js";
import { Node } from "../Node.ts";

export abstract class CanvasItem extends Node {
  /** The pixi object that the drawn nodes below are put into. */
  abstract readonly Container: Container;
}

/** The nearest drawn ancestor; plain nodes in between do not matter. */
export function FindCanvasParent(node: Node): CanvasItem | null {
  for (let up = node.GetParent(); up !== null; up = up.GetParent()) {
    if (up instanceof CanvasItem) return up;
  }
  return null;
}
