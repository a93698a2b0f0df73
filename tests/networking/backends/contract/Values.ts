/** Contract: typed values over the stream, in Godot's bytes. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { StreamPeer } from "../../../../networking/core/StreamPeer.ts";
import type { Variant } from "../../../../networking/core/Variant.ts";
import { ExpectBytes, Succeed } from "./Bytes.ts";
import type { Pair, Scene } from "./Scene.ts";

type Put = (stream: StreamPeer) => SocketError;
type Get = (stream: StreamPeer) => unknown;

const ff = [255, 255, 255, 255, 255, 255, 255, 255];

/** Name, put, get, what comes back, and the bytes on the wire, little-endian. */
const values: [string, Put, Get, unknown, number[]][] = [
  ["8", (s) => s.Put8(-128), (s) => s.Get8(), -128, [0x80]],
  ["U8", (s) => s.PutU8(255), (s) => s.GetU8(), 255, [0xff]],
  ["16", (s) => s.Put16(-2), (s) => s.Get16(), -2, [0xfe, 0xff]],
  ["U16", (s) => s.PutU16(0x1234), (s) => s.GetU16(), 0x1234, [0x34, 0x12]],
  ["32", (s) => s.Put32(-(2 ** 31)), (s) => s.Get32(), -(2 ** 31), [0, 0, 0, 0x80]],
  ["U32", (s) => s.PutU32(0x01020304), (s) => s.GetU32(), 0x01020304, [4, 3, 2, 1]],
  ["64", (s) => s.Put64(-2n), (s) => s.Get64(), -2n, [0xfe, ...ff.slice(1)]],
  ["U64", (s) => s.PutU64(2n ** 64n - 1n), (s) => s.GetU64(), 2n ** 64n - 1n, ff],
  ["Half", (s) => s.PutHalf(1.5), (s) => s.GetHalf(), 1.5, [0, 0x3e]],
  ["Float", (s) => s.PutFloat(-0.5), (s) => s.GetFloat(), -0.5, [0, 0, 0, 0xbf]],
  ["Double", (s) => s.PutDouble(1), (s) => s.GetDouble(), 1, [0, 0, 0, 0, 0, 0, 0xf0, 0x3f]],
];

const texts: [string, string, number[]][] = [
  ["no text", "", []],
  ["ASCII", "abc", [97, 98, 99]],
  ["umlauts", "äß", [0xc3, 0xa4, 0xc3, 0x9f]],
  ["an emoji", "🌙", [0xf0, 0x9f, 0x8c, 0x99]],
];

const variants: [string, Variant][] = [
  ["nil", null],
  ["a bool", true],
  ["an integer", -7],
  ["a large integer", 2 ** 40],
  ["a real", 1.25],
  ["a text", "moon 🌙"],
  ["bytes", Uint8Array.of(1, 2, 3)],
  ["an array", [1, "two", [3, null]]],
  ["a dictionary", new Map<Variant, Variant>([["x", 1]])],
];

export function ValueCases(scene: Scene): void {
  /** Sends back what the far end heard. */
  async function echo({ Stream, Far }: Pair, count: number): Promise<void> {
    await scene.UntilHeard(Far, count);
    Far.Send(Far.Received());
    await scene.UntilAvailable(Stream, count);
  }

  describe("a typed value", () => {
    test.each(values)("%s goes out and comes back", async (_name, put, get, value, wire) => {
      const pair = await scene.Pair();
      expect(put(pair.Stream)).toBe(SocketError.SUCCESS);
      await echo(pair, wire.length);
      expect([...pair.Far.Received()]).toEqual(wire);
      expect(get(pair.Stream)).toBe(value);
      expect(pair.Stream.GetLastError()).toBe(SocketError.SUCCESS);
      expect(pair.Stream.GetAvailableBytes()).toBe(0);
    });

    test.each(values)("%s in big-endian order", async (_name, put, get, value, wire) => {
      const pair = await scene.Pair();
      pair.Stream.BigEndian = true;
      Succeed(put(pair.Stream));
      await echo(pair, wire.length);
      expect([...pair.Far.Received()]).toEqual(wire.toReversed());
      expect(get(pair.Stream)).toBe(value);
    });

    test.each(values)("%s with a byte too few is null, and takes nothing", async (...row) => {
      const [, , get, value, wire] = row;
      const { Stream, Far } = await scene.Pair();
      Far.Send(Uint8Array.from(wire.slice(0, -1)));
      await scene.UntilAvailable(Stream, wire.length - 1);
      expect(get(Stream)).toBeNull();
      expect(Stream.GetLastError()).toBe(SocketError.BUSY);
      expect(Stream.GetAvailableBytes()).toBe(wire.length - 1);
      Far.Send(Uint8Array.from(wire.slice(-1)));
      await scene.UntilAvailable(Stream, wire.length);
      expect(get(Stream)).toBe(value);
    });
  });

  describe("a text", () => {
    test.each(texts)("%s goes out and comes back", async (_name, text, utf8) => {
      const pair = await scene.Pair();
      Succeed(pair.Stream.PutUtf8String(text));
      await echo(pair, 4 + utf8.length);
      expect([...pair.Far.Received()]).toEqual([utf8.length, 0, 0, 0, ...utf8]);
      expect(pair.Stream.GetUtf8String()).toBe(text);
    });

    test("byte by byte is null until all of it is there", async () => {
      const { Stream, Far } = await scene.Pair();
      const wire = [3, 0, 0, 0, 97, 98, 99];
      for (const [i, byte] of wire.entries()) {
        expect(Stream.GetString()).toBeNull();
        expect(Stream.GetLastError()).toBe(SocketError.BUSY);
        Far.Send(Uint8Array.of(byte));
        await scene.UntilAvailable(Stream, i + 1);
      }
      expect(Stream.GetString()).toBe("abc");
    });

    test("of a given length has no length in front", async () => {
      const pair = await scene.Pair();
      Succeed(pair.Stream.PutRawText("moonlight"));
      await echo(pair, 9);
      expect(pair.Stream.GetString(4)).toBe("moon");
      expect(pair.Stream.GetRawText(5)).toBe("light");
    });

    test.each([
      [10, 10, "0123456789"],
      [11, 10, null],
      [2 ** 32 - 1, 65_536, null],
    ])("announced with %d bytes, of %d allowed", async (announced, allowed, text) => {
      const { Stream, Far } = await scene.Pair();
      const wire = new Uint8Array(14);
      new DataView(wire.buffer).setUint32(0, announced, true);
      for (let i = 0; i < 10; i++) wire[4 + i] = 48 + i;
      Far.Send(wire);
      await scene.UntilAvailable(Stream, wire.length);
      expect(Stream.GetString(-1, allowed)).toBe(text);
      const code = text === null ? SocketError.PROTOCOL_ERROR : SocketError.SUCCESS;
      expect(Stream.GetLastError()).toBe(code);
      expect(Stream.GetAvailableBytes()).toBe(text === null ? wire.length : 0);
    });

    test("cut off by the peer's FIN is FILE_EOF, and its bytes stay", async () => {
      const { Stream, Far } = await scene.Pair();
      Far.Send(Uint8Array.of(9, 0, 0, 0, 97, 98));
      Far.Finish();
      await scene.Until(() => Stream.GetString() === null && Stream.IsPeerFinished(), "FIN");
      expect(Stream.GetString()).toBeNull();
      expect(Stream.GetLastError()).toBe(SocketError.FILE_EOF);
      const rest = new Uint8Array(6);
      Succeed(Stream.GetData(rest));
      ExpectBytes(rest, Uint8Array.of(9, 0, 0, 0, 97, 98));
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
    });
  });

  describe("a variant", () => {
    test.each(variants)("%s goes out and comes back", async (_name, value) => {
      const pair = await scene.Pair();
      Succeed(pair.Stream.PutVar(value));
      await scene.UntilHeard(pair.Far, 8);
      const length = new DataView(pair.Far.Received().buffer).getUint32(0, true);
      await echo(pair, 4 + length);
      expect(pair.Stream.GetVar()).toEqual(value);
      expect(pair.Stream.GetLastError()).toBe(SocketError.SUCCESS);
      expect(pair.Stream.GetAvailableBytes()).toBe(0);
    });
  });
}
