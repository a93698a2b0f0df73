import "./FakePage.ts";
import { Container } from "pixi.js";
import { describe, expect, it } from "vitest";
import { Node } from "../../../engine/index.ts";
import { CanvasItem, FindCanvasParent } from "../../../engine/pixi/CanvasItem.ts";

class Canvas extends CanvasItem {
  override readonly Container = new Container();
}

/** Links nodes from the top down. */
function chain(...nodes: Node[]): void {
  for (const [i, node] of nodes.entries()) nodes[i - 1]?.AddChild(node);
}

describe("FindCanvasParent", () => {
  it("gives the nearest one, past plain nodes", () => {
    const [far, near, leaf] = [new Canvas(), new Canvas(), new Node()];
    chain(far, near, new Node(), new Node(), leaf);
    expect(FindCanvasParent(leaf)).toBe(near);
    expect(FindCanvasParent(near)).toBe(far);
  });

  it("never gives the node itself, nor what is beside or below it", () => {
    const [top, canvas, sibling] = [new Node(), new Canvas(), new Canvas()];
    chain(top, canvas, new Canvas());
    top.AddChild(sibling);
    expect(FindCanvasParent(canvas)).toBeNull();
    expect(FindCanvasParent(top)).toBeNull();
  });
});
