import { expect, test } from "vitest";
import { HeldButtons } from "../../../../demos/arena/page/HeldButtons.ts";
import { Button } from "../../../../demos/arena/Rules.ts";

test("what is held counts in every step until it is let go", () => {
  const held = new HeldButtons();
  held.Press("KeyA", Button.LEFT);
  held.Press("Space", Button.FIRE);
  expect(held.Take()).toBe(Button.LEFT | Button.FIRE);
  held.Release("KeyA");
  expect(held.Take()).toBe(Button.FIRE);
});

test("a tap between two steps counts for exactly one", () => {
  const held = new HeldButtons();
  held.Press("Space", Button.FIRE);
  held.Release("Space");
  expect(held.Take()).toBe(Button.FIRE);
  expect(held.Take()).toBe(0);
});

test("a button that a key and a finger hold is up when both let go", () => {
  const held = new HeldButtons();
  held.Press("KeyA", Button.LEFT);
  held.Press("pointer 1", Button.LEFT);
  held.Take();
  held.Release("KeyA");
  expect(held.Take()).toBe(Button.LEFT);
  held.Release("pointer 1");
  expect(held.Take()).toBe(0);
});

test("a window that loses the focus holds nothing", () => {
  const held = new HeldButtons();
  held.Press("KeyW", Button.THRUST);
  held.ReleaseAll();
  expect(held.Take()).toBe(0);
});
