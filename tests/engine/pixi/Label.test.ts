import { ViewOf } from "./Views.ts";
import { Text } from "pixi.js";
import { describe, expect, it } from "vitest";
import { Label } from "../../../engine/pixi/index.ts";

describe("Label", () => {
  it("is empty, white, 16 pixels and placed by its upper left corner when nothing is said", () => {
    const label = new Label();
    const { style, anchor } = ViewOf(label, Text);
    expect([label.Text, label.Color, label.FontSize]).toEqual(["", "white", 16]);
    expect([style.fill, anchor.x, anchor.y]).toEqual(["white", 0, 0]);
  });

  it("hands text and style to pixi", () => {
    const label = new Label("Score");
    const view = ViewOf(label, Text);
    expect(view.text).toBe("Score");
    label.Text = "Score 1";
    label.Color = "yellow";
    label.FontSize = 24;
    label.FontFamily = ["monospace", "serif"];
    label.Anchor = { x: 0.5, y: 1 };
    const { text, style, anchor } = view;
    expect([text, style.fill, style.fontSize]).toEqual(["Score 1", "yellow", 24]);
    expect([style.fontFamily, anchor.x, anchor.y]).toEqual([["monospace", "serif"], 0.5, 1]);
    expect([label.Text, label.Color, label.FontSize]).toEqual(["Score 1", "yellow", 24]);
    expect(label.FontFamily).toEqual(["monospace", "serif"]);
  });

  it("gives an anchor that can be changed in place, and copies the one it is given", () => {
    const label = new Label("x");
    const given = { x: 0.5, y: 0.5 };
    label.Anchor = given;
    given.x = 9;
    label.Anchor.y = 1;
    const { anchor } = ViewOf(label, Text);
    expect([anchor.x, anchor.y]).toEqual([0.5, 1]);
  });

  it("is not drawn anew for an equal text", () => {
    const label = new Label("Score");
    let updates = 0;
    ViewOf(label, Text).onViewUpdate = () => updates++;
    label.Text = "Score";
    expect(updates).toBe(0);
    label.Text = "Score 1";
    expect(updates).toBe(1);
  });

  it("takes its pixi text along when it is freed", () => {
    const label = new Label("Score");
    const view = ViewOf(label, Text);
    label.QueueFree();
    expect(view.destroyed).toBe(true);
  });
});
