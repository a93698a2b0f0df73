/**
 * Values and their bytes. The Godot 3 column was printed by `var2bytes` of Godot 3.2.3; the Godot 4
 * column follows the serialization page of Godot 4, which differs in type numbers only.
 */
import { Color, Vector2, Vector3 } from "../../../networking/core/Variant.ts";
import type { Variant } from "../../../networking/core/Variant.ts";

/** The same bytes in both formats. */
export const sharedVectors: readonly (readonly [string, Variant, string])[] = [
  ["nil", null, "00000000"],
  ["true", true, "0100000001000000"],
  ["false", false, "0100000000000000"],
  ["0", 0, "0200000000000000"],
  ["1", 1, "0200000001000000"],
  ["-1", -1, "02000000ffffffff"],
  ["2^31-1", 2 ** 31 - 1, "02000000ffffff7f"],
  ["2^31", 2 ** 31, "020001000000008000000000"],
  ["-2^31", -(2 ** 31), "0200000000000080"],
  ["-2^31-1", -(2 ** 31) - 1, "02000100ffffff7fffffffff"],
  ["2^53+1", 2n ** 53n + 1n, "020001000100000000002000"],
  ["0.5", 0.5, "030000000000003f"],
  ["0.1", 0.1, "030001009a9999999999b93f"],
  ["-0.0", -0, "0300000000000080"],
  ["1e300", 1e300, "030001009c7500883ce4377e"],
  ["infinity", Infinity, "030000000000807f"],
  ["empty text", "", "0400000000000000"],
  ["3 characters", "abc", "040000000300000061626300"],
  ["4 characters", "abcd", "040000000400000061626364"],
  ["7 bytes of text", "äö€", "0400000007000000c3a4c3b6e282ac00"],
  ["Vector2", new Vector2(1.5, -2), "050000000000c03f000000c0"],
];

/** Name, value, Godot 3, Godot 4. */
export const differentVectors: readonly (readonly [string, Variant, string, string])[] = [
  [
    "Vector3",
    new Vector3(1, 2, 3),
    "070000000000803f0000004000004040",
    "090000000000803f0000004000004040",
  ],
  [
    "Color",
    new Color(1, 0.5, 0.25, 1),
    "0e0000000000803f0000003f0000803e0000803f",
    "140000000000803f0000003f0000803e0000803f",
  ],
  ["empty array", [], "1300000000000000", "1c00000000000000"],
  [
    "array in array",
    [1, [null, "x"]],
    "13000000020000000200000001000000130000000200000000000000040000000100000078000000",
    "1c0000000200000002000000010000001c0000000200000000000000040000000100000078000000",
  ],
  ["empty dictionary", new Map(), "1200000000000000", "1b00000000000000"],
  [
    "dictionary",
    new Map<Variant, Variant>([
      ["a", 1],
      [2, [true]],
    ]),
    "1200000002000000040000000100000061000000020000000100000002000000020000001300000001000000" +
      "0100000001000000",
    "1b000000020000000400000001000000610000000200000001000000" +
      "02000000020000001c000000010000000100000001000000",
  ],
  ["no bytes", new Uint8Array(0), "1400000000000000", "1d00000000000000"],
  ["3 bytes", Uint8Array.of(1, 2, 3), "140000000300000001020300", "1d0000000300000001020300"],
  ["4 bytes", Uint8Array.of(1, 2, 3, 4), "140000000400000001020304", "1d0000000400000001020304"],
];

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function unhex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}
