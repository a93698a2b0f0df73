import { FakeResizeObserver } from "./FakePage.ts";
import type { Application } from "pixi.js";
import { Container } from "pixi.js";
import { afterEach, describe, expect, it, vi } from "vitest";
import { SceneTree } from "../../../engine/index.ts";
import { Node2D, PixiApp } from "../../../engine/pixi/index.ts";

/** A pixi Application without a renderer, which writes down what it is asked to do. */
class FakeApplication {
  readonly calls: string[] = [];
  readonly stage = new Container();
  readonly canvas = { style: { display: "" } };
  readonly screen = { width: 100, height: 50 };
  readonly renderer = {
    resolution: 1,
    background: { color: "black" },
    resize: (width: number, height: number, resolution: number): void => {
      this.calls.push(`resize ${width} ${height} ${resolution}`);
      Object.assign(this.screen, { width, height });
      this.renderer.resolution = resolution;
    },
  };

  render(): void {
    this.calls.push("render");
  }

  destroy(): void {
    this.calls.push("destroy");
  }
}

function make() {
  const fake = new FakeApplication();
  const element = {
    clientWidth: 100,
    clientHeight: 50,
    ownerDocument: { hidden: false },
    append: vi.fn<(canvas: unknown) => void>(),
  };
  const app = new PixiApp(fake as unknown as Application, element as unknown as HTMLElement);
  return { fake, element, app, tree: new SceneTree({ RethrowErrors: true }) };
}

describe("PixiApp", () => {
  afterEach(() => {
    FakeResizeObserver.Live.clear();
    vi.stubGlobal("devicePixelRatio", 1);
  });

  it("puts its canvas into the element", () => {
    const { fake, element } = make();
    expect(element.append).toHaveBeenCalledWith(fake.canvas);
  });

  it("holds what is drawn below it", () => {
    const { fake, app, tree } = make();
    const node = new Node2D();
    app.AddChild(node);
    tree.Root.AddChild(app);
    expect(fake.stage.children).toEqual([node.Container]);
  });

  it("draws once at the end of each tick, paused or not, while it is in the tree", () => {
    const { fake, app, tree } = make();
    tree.Tick(0);
    expect(fake.calls).toEqual([]);
    tree.Root.AddChild(app);
    tree.Tick(0);
    tree.Paused = true;
    tree.Tick(0);
    expect(fake.calls).toEqual(["render", "render"]);
    tree.Root.RemoveChild(app);
    tree.Tick(0);
    tree.Root.AddChild(app);
    tree.Tick(0);
    expect(fake.calls).toHaveLength(3);
  });

  it("draws nothing while its page is hidden", () => {
    const { fake, element, app, tree } = make();
    tree.Root.AddChild(app);
    element.ownerDocument.hidden = true;
    tree.Tick(0);
    expect(fake.calls).toEqual([]);
    element.ownerDocument.hidden = false;
    tree.Tick(0);
    expect(fake.calls).toEqual(["render"]);
  });

  it("follows the element's size, and says so", () => {
    const { fake, element, app } = make();
    const sizes: unknown[] = [];
    app.Resized.Connect((size) => sizes.push(size));
    FakeResizeObserver.NotifyAll();
    expect(fake.calls).toEqual([]);
    Object.assign(element, { clientWidth: 300, clientHeight: 200 });
    FakeResizeObserver.NotifyAll();
    expect(fake.calls).toEqual(["resize 300 200 1", "render"]);
    expect([app.Size, ...sizes]).toEqual([
      { x: 300, y: 200 },
      { x: 300, y: 200 },
    ]);
  });

  it.each([
    [1.5, 1.5],
    [2, 2],
    [3, 2],
  ])("on a screen of density %d draws at %d", (density, drawn) => {
    const { fake } = make();
    vi.stubGlobal("devicePixelRatio", density);
    FakeResizeObserver.NotifyAll();
    expect(fake.calls[0]).toBe(`resize 100 50 ${drawn}`);
  });

  it("gives everything back when it is freed", () => {
    const { fake, app, tree } = make();
    tree.Root.AddChild(app);
    app.QueueFree();
    tree.Tick(0);
    tree.Tick(0);
    expect(fake.calls).toEqual(["destroy"]);
    expect(FakeResizeObserver.Live.size).toBe(0);
    expect(tree.FrameEnded.GetConnectionCount()).toBe(0);
  });
});
