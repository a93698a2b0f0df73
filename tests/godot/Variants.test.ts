/**
 * Variants between a real Godot 3 and Moonwire: every type, both ways, over a stream in both byte
 * orders and as packets.
 */
import { describe, expect, test } from "vitest";
import { PacketPeerStream } from "../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import type { Variant } from "../../networking/core/Variant.ts";
import { Color, VariantFormat, Vector2, Vector3 } from "../../networking/core/Variant.ts";
import { Succeed } from "../Support/Network.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import { Roles, UseGodot } from "./GodotStage.ts";

const stage = UseGodot();

const integers = [
  [0, -1, 2147483647, -2147483648],
  [2147483648, -2147483649, Number.MAX_SAFE_INTEGER],
  [2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)],
].flat();
const reals = [0.5, -0, Infinity, 0.1, -1 / 3, Number.MIN_VALUE];
const texts = ["", "a", "ab", "abc", "abcd", "añ€😀b"];
const blocks = [bytes(), bytes(0), bytes(1, 2, 3), bytes(1, 2, 3, 255)];
const structs = [new Vector2(0.5, -2), new Vector3(1, -2.25, 3), new Color(0.25, 0.5, 0.75, 1)];
const arrays = [[], [1, "two", [3.5, null], new Map()]];
const dictionaries = [
  new Map(),
  new Map<Variant, Variant>([
    ["name", "Ann"],
    [7, [true]],
    [new Vector2(1, 2), new Map([["deep", bytes(9)]])],
  ]),
];
/** The list in Variants.gd. */
const values: readonly Variant[] = [
  null,
  true,
  false,
  ...integers,
  ...reals,
  ...texts,
  ...blocks,
  ...structs,
  ...arrays,
  ...dictionaries,
];

function bytes(...items: number[]): Uint8Array {
  return Uint8Array.from(items);
}

/** The next variant of a stream. */
async function next(stream: StreamPeerTCP): Promise<Variant> {
  let value: Variant = null;
  await WaitFor(() => {
    value = stream.GetVar();
    return stream.GetLastError() === SocketError.SUCCESS;
  }, "a variant");
  return value;
}

function packetsOf(stream: StreamPeerTCP): PacketPeerStream {
  const packets = new PacketPeerStream();
  packets.Variants = VariantFormat.GODOT_3;
  packets.StreamPeer = stream;
  return packets;
}

describe.each(Roles)("variants, Godot being the %s", (role) => {
  test("Godot puts, Moonwire gets", async () => {
    const { Godot, Moonwire } = await stage.Meet("Variants", "put_all", role);
    Moonwire.Variants = VariantFormat.GODOT_3;
    for (const bigEndian of [false, true]) {
      Moonwire.BigEndian = bigEndian;
      const got: Variant[] = [];
      while (got.length < values.length) got.push(await next(Moonwire));
      expect(got).toStrictEqual(values);
      expect(await next(Moonwire)).toBeNaN();
    }
    expect(Moonwire.GetAvailableBytes()).toBe(0);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("Moonwire puts, Godot gets the very same", async () => {
    const { Godot, Moonwire } = await stage.Meet("Variants", "get_all", role);
    Moonwire.Variants = VariantFormat.GODOT_3;
    for (const bigEndian of [false, true]) {
      Moonwire.BigEndian = bigEndian;
      for (const value of [...values, NaN]) Succeed(Moonwire.PutVar(value));
    }
    expect(await Godot.Said("wrong")).toEqual([]);
    expect(await Godot.Said("left")).toBe(0);
    await Godot.Exit();
  });

  test("as packets of Godot", async () => {
    const { Godot, Moonwire } = await stage.Meet("Variants", "put_packets", role);
    const packets = packetsOf(Moonwire);
    await WaitFor(() => packets.GetAvailablePacketCount() === values.length, "all packets");
    expect(values.map(() => packets.GetVar())).toStrictEqual(values);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("as packets of Moonwire", async () => {
    const { Godot, Moonwire } = await stage.Meet("Variants", "get_packets", role);
    const packets = packetsOf(Moonwire);
    for (const value of values) Succeed(packets.PutVar(value));
    expect(await Godot.Said("wrong")).toEqual([]);
    await Godot.Exit();
  });
});
