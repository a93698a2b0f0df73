import { expect, test } from "vitest";
import {
  Color,
  VariantFormat,
  VariantPadding,
  VariantTypesOf,
  Vector2,
  Vector3,
} from "../../../networking/core/Variant.ts";

test("Godot 3 and 4 number the types as their documentation says", () => {
  expect(VariantTypesOf(VariantFormat.GODOT_3)).toEqual({
    VECTOR3: 7,
    COLOR: 14,
    DICTIONARY: 18,
    ARRAY: 19,
    BYTES: 20,
  });
  expect(VariantTypesOf(VariantFormat.GODOT_4)).toEqual({
    VECTOR3: 9,
    COLOR: 20,
    DICTIONARY: 27,
    ARRAY: 28,
    BYTES: 29,
  });
});

test("another format is the script's mistake", () => {
  expect(() => VariantTypesOf(5 as unknown as VariantFormat)).toThrow(TypeError);
});

test.each([
  [0, 0],
  [1, 3],
  [2, 2],
  [3, 1],
  [4, 0],
  [5, 3],
])("%d bytes get %d zeros", (length, zeros) => {
  expect(VariantPadding(length)).toBe(zeros);
});

test("value types start at zero, and a colour is opaque", () => {
  expect(new Vector2()).toEqual(new Vector2(0, 0));
  expect(new Vector3()).toEqual(new Vector3(0, 0, 0));
  expect(new Color()).toEqual(new Color(0, 0, 0, 1));
});
