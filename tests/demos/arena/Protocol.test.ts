import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maxNameBytes, maxNameLength } from "../../../demos/arena/PilotName.ts";
import {
  ByeReason,
  ByeText,
  DecodeClientMessage,
  DecodeServerMessage,
  EncodeBye,
  EncodeInput,
  EncodeJoin,
  EncodeRoster,
  EncodeSnapshot,
  EncodeWelcome,
  protocolVersion,
  SetAcked,
} from "../../../demos/arena/Protocol.ts";
import { Button, Rules } from "../../../demos/arena/Rules.ts";
import { World } from "../../../demos/arena/World.ts";

const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`Protocol.test.ts: TEST_SEED=${seed}`);

function busyWorld(): World {
  const world = new World(5);
  for (let id = 1; id <= 5; id++) world.AddShip(id * 1_000);
  for (let i = 0; i < 90; i++) world.Step((id) => (i + id) & Button.ALL);
  return world;
}

function snapshotOf(world: World): Uint8Array {
  return EncodeSnapshot(world.Tick, world.Ships, world.Shots);
}

describe("what is encoded comes back", () => {
  test("join, with the longest name", () => {
    const name = "🚀".repeat(maxNameLength);
    expect(DecodeClientMessage(EncodeJoin(name))).toEqual({
      Kind: "join",
      Version: protocolVersion,
      Name: name,
    });
  });

  test("input, at both ends of its ranges", () => {
    for (const [sequence, buttons] of [
      [0, 0],
      [2 ** 32 - 1, Button.ALL],
    ] as const) {
      expect(DecodeClientMessage(EncodeInput(sequence, buttons))).toEqual({
        Kind: "input",
        Sequence: sequence,
        Buttons: buttons,
      });
    }
  });

  test("welcome, roster and every bye", () => {
    expect(DecodeServerMessage(EncodeWelcome(65_535))).toEqual({ Kind: "welcome", Id: 65_535 });
    const names = new Map([
      [1, "Luna"],
      [2, ""],
      [300, "Zoé"],
    ]);
    expect(DecodeServerMessage(EncodeRoster(names))).toEqual({ Kind: "roster", Names: names });
    for (const reason of Object.values(ByeReason)) {
      expect(DecodeServerMessage(EncodeBye(reason))).toEqual({ Kind: "bye", Reason: reason });
      expect(ByeText(reason)).toMatch(/\.$/);
    }
  });

  test("a snapshot carries the world exactly, and each peer's own ack", () => {
    const world = busyWorld();
    expect(world.Shots.length).toBeGreaterThan(0);
    const bytes = snapshotOf(world);
    SetAcked(bytes, 4_000_000_000);
    expect(DecodeServerMessage(bytes)).toEqual({
      Kind: "snapshot",
      Tick: world.Tick,
      Acked: 4_000_000_000,
      Ships: [...world.Ships.values()],
      Shots: world.Shots,
    });
  });
});

describe("garbage is null", () => {
  const messages = [
    EncodeJoin("Luna"),
    EncodeInput(1, 1),
    EncodeWelcome(1),
    EncodeRoster(new Map([[1, "Luna"]])),
    snapshotOf(busyWorld()),
    EncodeBye(ByeReason.FULL),
  ];

  test("every message cut short, and every message with a byte too many", () => {
    for (const bytes of messages) {
      for (let length = 0; length < bytes.length; length++) {
        const cut = bytes.subarray(0, length);
        expect(DecodeClientMessage(cut)).toBeNull();
        expect(DecodeServerMessage(cut)).toBeNull();
      }
      const longer = new Uint8Array([...bytes, 0]);
      expect(DecodeClientMessage(longer)).toBeNull();
      expect(DecodeServerMessage(longer)).toBeNull();
    }
  });

  test.each([
    ["buttons that do not exist", EncodeInput(1, Button.ALL + 1)],
    ["a name over the limit", new Uint8Array([1, 1, maxNameBytes + 1, ...Array(65).fill(65)])],
    ["a name that is no UTF-8", new Uint8Array([1, 1, 2, 0xc3, 0x28])],
  ])("from a client: %s", (_, bytes) => {
    expect(DecodeClientMessage(bytes)).toBeNull();
  });

  test("from a server: an unknown reason, a number that is none, too many ships", () => {
    expect(DecodeServerMessage(new Uint8Array([19, 0]))).toBeNull();
    const world = busyWorld();
    const bytes = snapshotOf(world);
    new DataView(bytes.buffer).setFloat32(13, NaN, true);
    expect(DecodeServerMessage(bytes)).toBeNull();
    const crowd = snapshotOf(new World(1));
    crowd[9] = Rules.maxShips + 1;
    expect(DecodeServerMessage(crowd)).toBeNull();
  });

  test("any bytes decode to a message or null, without an exception", () => {
    const kinds = fc.constantFrom(1, 2, 16, 17, 18, 19, 0, 255);
    fc.assert(
      fc.property(kinds, fc.uint8Array({ maxLength: 200 }), (kind, rest) => {
        const bytes = new Uint8Array([kind, ...rest]);
        const client = DecodeClientMessage(bytes);
        const server = DecodeServerMessage(bytes);
        expect(client === null || server === null).toBe(true);
      }),
      { seed, numRuns: 3_000 },
    );
  });

  test("a snapshot with any byte changed decodes to a snapshot in range, or null", () => {
    const original = snapshotOf(busyWorld());
    const at = fc.nat({ max: original.length - 2 });
    fc.assert(
      fc.property(at, fc.integer({ min: 0, max: 255 }), (index, value) => {
        const bytes = original.slice();
        bytes[index + 1] = value;
        const message = DecodeServerMessage(bytes);
        const ships = message?.Kind === "snapshot" ? message.Ships : [];
        for (const ship of ships) expect(ship.X + ship.Y + ship.Angle).toSatisfy(Number.isFinite);
        expect(message?.Kind ?? "snapshot").toBe("snapshot");
      }),
      { seed, numRuns: 2_000 },
    );
  });
});
