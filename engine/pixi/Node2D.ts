/**
 * Node2D: a node with a place on the picture, which owns a pixi Container.
 *
 * When it enters the tree its container goes into that of the nearest drawn ancestor (a Node2D or a
 * PixiApp); it is taken out on leaving and destroyed when the node is freed. Without such an
 * ancestor it is not drawn and works otherwise. Siblings are drawn in tree order, as in Godot 4.
 * This rests on signals rather than hooks, so a subclass may override EnterTree without `super`.
 */

import type { ColorSource } from "pixi.js";
import { Container } from "pixi.js";
import type { Node } from "../Node.ts";
import { CanvasItem, FindCanvasParent } from "./CanvasItem.ts";
import type { Vector2 } from "./Vector2.ts";

export class Node2D extends CanvasItem {
  /** Holds what this node draws, then the drawn nodes below it. */
  override readonly Container = new Container();

  constructor(name?: string) {
    super(name);
    this.TreeEntered.Connect(() => this.#place());
    this.TreeExited.Connect(() => this.Container.removeFromParent());
    this.Freed.Connect(() => this.Container.destroy({ children: true }));
  }

  /** Pixels from the parent's origin. May be changed in place: `node.Position.x += 5`. */
  get Position(): Vector2 {
    return this.Container.position;
  }

  set Position(position: Readonly<Vector2>) {
    this.Container.position.copyFrom(position);
  }

  /** Radians, clockwise. */
  get Rotation(): number {
    return this.Container.rotation;
  }

  set Rotation(radians: number) {
    this.Container.rotation = radians;
  }

  /** Factor per axis, default 1. May be changed in place. */
  get Scale(): Vector2 {
    return this.Container.scale;
  }

  set Scale(scale: Readonly<Vector2>) {
    this.Container.scale.copyFrom(scale);
  }

  /** Whether it and what is below it are drawn. */
  get Visible(): boolean {
    return this.Container.visible;
  }

  set Visible(visible: boolean) {
    this.Container.visible = visible;
  }

  /** A colour that is multiplied with its own and those below; reads as 0xRRGGBB, default white. */
  get Modulate(): number {
    return this.Container.tint;
  }

  set Modulate(color: ColorSource) {
    this.Container.tint = color;
  }

  /** Opacity, 0 to 1, for it and what is below it. */
  get Alpha(): number {
    return this.Container.alpha;
  }

  set Alpha(alpha: number) {
    this.Container.alpha = alpha;
  }

  /**
   * Higher is drawn later, among the nodes with the same drawn parent; below 0 goes behind that
   * parent's own picture. Default 0.
   */
  get ZIndex(): number {
    return this.Container.zIndex;
  }

  set ZIndex(index: number) {
    if (index === this.ZIndex) return;
    this.Container.zIndex = index;
    if (this.IsInsideTree()) this.#place();
  }

  /** Puts the container where tree order wants it among those with the same ZIndex. */
  #place(): void {
    const host = FindCanvasParent(this);
    if (host === null) return;
    const { Container: container } = this;
    container.removeFromParent();
    const next = findNextDrawn(this, host);
    if (next === null) {
      host.Container.addChild(container);
    } else {
      host.Container.addChildAt(container, host.Container.getChildIndex(next.Container));
    }
  }
}

/** The first node behind `node` in tree order that is drawn in `host` with the same ZIndex. */
function findNextDrawn(node: Node2D, host: CanvasItem): Node2D | null {
  let at: Node = node;
  for (let parent = at.GetParent(); parent !== null; parent = at.GetParent()) {
    for (let index = at.GetIndex() + 1; index < parent.GetChildCount(); index++) {
      const found = findFirstDrawn(parent.GetChild(index), host, node.ZIndex);
      if (found !== null) return found;
    }
    if (parent === host) return null;
    at = parent;
  }
  return null;
}

function findFirstDrawn(node: Node, host: CanvasItem, zIndex: number): Node2D | null {
  if (node instanceof Node2D) {
    const isPeer = node.Container.parent === host.Container && node.ZIndex === zIndex;
    return isPeer ? node : null;
  }
  for (const child of node.GetChildren()) {
    const found = findFirstDrawn(child, host, zIndex);
    if (found !== null) return found;
  }
  return null;
}
