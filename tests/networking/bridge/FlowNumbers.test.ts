/** The numbers of flow control at their borders, in a session whose network the test plays. */
import { describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { FillPattern, IsPattern } from "../../bench/bridge/Pattern.ts";
import type { FakeSocket } from "./DialBackend.ts";
import { SessionStage } from "./SessionStage.ts";

const { streamWindowBytes, streamFloorBytes, sessionWindowBytes } = BridgeLimits;
const fast = { connectsBurst: 1_000, endsBurst: 1_000 };

/** Connects, and the target answers. */
function open(stage: SessionStage, stream: number): FakeSocket {
  stage.Connect(stream);
  const socket = stage.Backend.Sockets.at(-1)!;
  socket.Succeed(new IpAddress("127.0.0.1"));
  return socket;
}

/** The first window of each stream. */
function offsets(stage: SessionStage): number[] {
  return stage.Of(PacketType.OPENED).map(({ Offset }) => Offset);
}

describe("windows of a WebSocket", () => {
  const full = sessionWindowBytes / 2 / streamWindowBytes;

  test(`64 KiB for ${full} streams, whose rings are the 2 MiB; then the floor`, () => {
    const stage = SessionStage.Ready("mwx1", { Dev: true }, fast);
    for (let i = 1; i <= full + 1; i++) open(stage, i);
    expect(new Set(offsets(stage).slice(0, full))).toEqual(new Set([streamWindowBytes]));
    expect(offsets(stage)[full]).toBe(streamFloorBytes);
  });

  test("all 256 streams get the floor, and one that ends makes room for a full window", () => {
    const stage = SessionStage.Ready("mwx1", { Dev: true }, fast);
    for (let i = 1; i <= BridgeLimits.maxStreams; i++) open(stage, i);
    expect(offsets(stage)).toHaveLength(BridgeLimits.maxStreams);
    expect(Math.min(...offsets(stage))).toBe(streamFloorBytes);
    // The floors are beyond the budget: that many have to go before it has room again.
    const last = BridgeLimits.maxStreams;
    for (let i = full + 1; i <= last; i++) {
      stage.Say({ Type: PacketType.CLOSE, Stream: i, Reason: 2, Code: 0 });
    }
    open(stage, last + 1);
    expect(offsets(stage).at(-1)).toBe(streamFloorBytes);
    stage.Say({ Type: PacketType.CLOSE, Stream: full, Reason: 2, Code: 0 });
    stage.Say({ Type: PacketType.CLOSE, Stream: last + 1, Reason: 2, Code: 0 });
    open(stage, last + 2);
    expect(offsets(stage).at(-1)).toBe(streamWindowBytes);
  });

  test.each([
    [-1, [SocketError.LIMIT_REACHED]],
    [0, []],
    [1, []],
  ])("with the two rings of a stream and %d bytes left of 512 MiB", (more, refused) => {
    const stage = SessionStage.Ready();
    const rings = 2 * streamWindowBytes;
    stage.Memory.Take(BridgeLimits.processWindowBytes - rings - more);
    stage.Connect(1);
    expect(stage.Of(PacketType.CLOSE).map(({ Code }) => Code)).toEqual(refused);
    expect(stage.Backend.Sockets).toHaveLength(1 - refused.length);
    stage.Connect(2);
    expect(stage.Of(PacketType.CLOSE).at(-1)?.Code).toBe(SocketError.LIMIT_REACHED);
  });
});

describe("a plain client with 2N packets under way, for N that were advertised", () => {
  const credit = MuxLimits.plainCreditPackets;
  const size = MuxLimits.quantumBytes;

  /** A stream whose target takes nothing, and `count` packets that came for it. */
  function flooded(count: number): { stage: SessionStage; socket: FakeSocket; say: () => void } {
    const stage = new SessionStage("");
    const socket = open(stage, 1);
    let said = 0;
    const say = (): void => {
      const Data = FillPattern(said++ * size, size);
      stage.Say({ Type: PacketType.DATA, Stream: 1, Data });
    };
    for (let i = 0; i < count; i++) say();
    return { stage, socket, say };
  }

  test("all of it waits, and only what comes beyond 4 MiB stops the WebSocket", () => {
    const { stage, say } = flooded(2 * credit);
    expect([stage.Far.isPaused, stage.Far.Ended]).toEqual([false, null]);
    // What was advertised; when half of it was used, what was left; and then no more.
    const left = credit / 2 + streamWindowBytes / size;
    expect(stage.Of(PacketType.CONTINUE).map(({ Credit }) => Credit)).toEqual([credit, left]);
    for (let i = 0; i < 4; i++) say();
    expect([stage.Far.isPaused, stage.Far.Ended]).toEqual([true, null]);
  });

  test("every byte goes to the target, and no more is granted than there is room", () => {
    const { stage, socket } = flooded(2 * credit);
    const before = stage.Of(PacketType.CONTINUE).length;
    const into = new Uint8Array(socket.Outbound.Capacity);
    let received = 0;
    for (;;) {
      const count = socket.Outbound.Read(into);
      if (count === 0) break;
      expect(IsPattern(into.subarray(0, count), received)).toBe(true);
      received += count;
      socket.Notify();
    }
    expect(received).toBe(2 * credit * size);
    const granted = stage.Of(PacketType.CONTINUE).slice(before);
    expect(granted).toHaveLength(1);
    expect(granted[0]?.Credit).toBeGreaterThanOrEqual(credit / 2);
    expect(granted[0]?.Credit).toBeLessThanOrEqual(credit);
  });
});

describe("what waits for a WebSocket", () => {
  const { sendHighBytes, sendLowBytes } = BridgeLimits;

  /** A target that has ever more to send, and a WebSocket that keeps what it is given. */
  function start() {
    const stage = SessionStage.Ready();
    const socket = open(stage, 1);
    stage.Say({ Type: PacketType.WINDOW, Stream: 1, Offset: 2 ** 40 });
    const callbacks: (() => void)[] = [];
    const part = new Uint8Array(socket.Inbound.Capacity);
    let pulled = 0;
    /** The target fills the ring. @returns bytes that the bridge has taken out of it so far. */
    const refill = (): number => {
      for (let more = -1; more !== 0; socket.Notify()) {
        more = socket.Inbound.Write(part);
        pulled += more;
      }
      return pulled - socket.Inbound.Used();
    };
    stage.Far.send = (message, done) => {
      stage.Far.bufferedAmount += message.length;
      callbacks.push(done);
    };
    /** The network took all but so much. */
    const take = (left: number): void => {
      stage.Far.bufferedAmount = left;
      for (const done of callbacks.splice(0)) done();
    };
    return { stage, refill, take };
  }

  test("128 KiB and the message that reached them; the target is not read beyond", () => {
    const { stage, refill } = start();
    const messages = Math.ceil(sendHighBytes / (MuxLimits.quantumBytes + MuxLimits.headerBytes));
    expect(refill()).toBe(messages * MuxLimits.quantumBytes);
    expect(stage.Far.bufferedAmount).toBeGreaterThanOrEqual(sendHighBytes);
    expect(refill()).toBe(messages * MuxLimits.quantumBytes);
  });

  test.each([
    [sendLowBytes + 1, false],
    [sendLowBytes, true],
    [sendLowBytes - 1, true],
  ])("at %d bytes, told by the send callback, it goes on: %s", (left, goesOn) => {
    const { stage, refill, take } = start();
    const before = refill();
    const timers = stage.Backend.Timers.length;
    take(left);
    expect(stage.Far.bufferedAmount > left).toBe(goesOn);
    expect(refill() > before).toBe(goesOn);
    expect(stage.Backend.Timers).toHaveLength(timers);
  });
});
