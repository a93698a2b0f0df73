/** Typed values between a real Godot and Moonwire: what one puts the other gets. */
import { describe, expect, test } from "vitest";
import type { SocketError } from "../../networking/core/SocketError.ts";
import type { StreamPeer } from "../../networking/core/StreamPeer.ts";
import { Succeed, WaitAvailable } from "../Support/Network.ts";
import { Roles, UseGodot } from "./GodotStage.ts";

const stage = UseGodot();

type Integer = "8" | "U8" | "16" | "U16" | "32" | "U32" | "64" | "U64";
type Kind = Integer | "Float" | "Double" | "String" | "Utf8String";

/** The list in TypedValues.gd; NaN and text without a length come after it. */
const list: readonly (readonly [Kind, ...unknown[]])[] = [
  ["8", -128, -1, 127],
  ["U8", 0, 255],
  ["16", -32768, -2, 32767],
  ["U16", 1, 65535],
  ["32", -2147483648, -3, 2147483647],
  ["U32", 0x01020304, 4294967295],
  ["64", -(2n ** 63n), -4n, 2n ** 63n - 1n],
  ["U64", 0x0102030405060708n, 2n ** 63n - 1n],
  ["Float", 0.15625, -16777215 / 16777216, 2 ** -149, Infinity, -Infinity],
  ["Double", 0.1, -1 / 3, Number.MIN_VALUE, Number.MAX_VALUE, Infinity],
  ["String", "", "plain ASCII"],
  ["Utf8String", "", "añ€😀b"],
  ["Float", NaN],
  ["Double", NaN],
];
const rawText = "no length";

function put(stream: StreamPeer, kind: Kind, value: unknown): SocketError {
  const call = stream[`Put${kind}`] as (value: unknown) => SocketError;
  return call.call(stream, value);
}

/** Bytes of the whole list in one byte order. */
const listBytes = 3 + 2 + 6 + 4 + 12 + 8 + 24 + 16 + 20 + 40 + (4 + 15) + (4 + 15) + 4 + 8 + 9;

describe.each(Roles)("typed values, Godot being the %s", (role) => {
  test("Godot puts, Moonwire gets", async () => {
    const { Godot, Moonwire } = await stage.Meet("TypedValues", "put_all", role);
    await WaitAvailable(Moonwire, 2 * listBytes);
    for (const bigEndian of [false, true]) {
      Moonwire.BigEndian = bigEndian;
      const got = list.map(([kind, ...values]) => [
        kind,
        ...values.map(() => Moonwire[`Get${kind}`]()),
      ]);
      expect(got).toEqual(list);
      expect(Moonwire.GetRawText(rawText.length)).toBe(rawText);
    }
    expect(Moonwire.GetAvailableBytes()).toBe(0);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("Moonwire puts, Godot gets", async () => {
    const { Godot, Moonwire } = await stage.Meet("TypedValues", "get_all", role);
    for (const bigEndian of [false, true]) {
      Moonwire.BigEndian = bigEndian;
      for (const [kind, ...values] of list) {
        for (const value of values) Succeed(put(Moonwire, kind, value));
      }
      Succeed(Moonwire.PutRawText(rawText));
    }
    expect(await Godot.Said("wrong")).toEqual([]);
    expect(await Godot.Said("left")).toBe(0);
    await Godot.Exit();
  });
});
