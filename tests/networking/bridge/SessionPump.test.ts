import type { WebSocket } from "ws";
import { describe, expect, test } from "vitest";
import type { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { SessionPump } from "../../../networking/bridge/SessionPump.ts";
import type { WispVersion } from "../../../networking/mux/Handshake.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { MuxPair } from "../mux/MuxPair.ts";
import { NewContext } from "./Context.ts";
import { DialBackend } from "./DialBackend.ts";

/** A WebSocket that takes what waits when the test says so. */
class SlowSocket {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  Sent = 0;
  #callbacks: (() => void)[] = [];

  send(message: Uint8Array, done: () => void): void {
    this.Sent++;
    this.bufferedAmount += message.length;
    this.#callbacks.push(done);
  }

  /** The network took all but `left` bytes. */
  Take(left = 0): void {
    this.bufferedAmount = left;
    for (const done of this.#callbacks.splice(0)) done();
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

const message = 13; // bytes of a PONG

function start(limits: Partial<BridgeLimits> = {}, version: WispVersion = 2) {
  const backend = new DialBackend();
  const [socket, context] = [new SlowSocket(), NewContext(backend, limits)];
  const pair = new MuxPair(version);
  const pump = new SessionPump(socket as unknown as WebSocket, pair.Bridge, context);
  /** Makes the mux want to send `count` messages. */
  const ask = (count: number): void => {
    const ping = EncodePacket({ Type: PacketType.PING, Stream: 0, Value: 1n });
    for (let i = 0; i < count; i++) pair.Bridge.Receive(ping);
  };
  return { backend, socket, context, pair, pump, ask };
}

describe("sending", () => {
  test("everything goes out while the WebSocket takes it, and is counted", () => {
    const { socket, context, pump, ask } = start();
    ask(5);
    pump.Pump();
    expect(socket.Sent).toBe(5);
    expect(context.Counters.BytesToPages).toBe(5 * message);
  });

  test("stops at the high mark, and one byte above the low one is not low", () => {
    const { socket, pump, ask } = start({ sendHighBytes: 4 * message, sendLowBytes: 2 * message });
    ask(9);
    pump.Pump();
    pump.Pump();
    expect(socket.Sent).toBe(4);
    socket.Take(2 * message + 1);
    pump.Pump();
    expect(socket.Sent).toBe(4);
  });

  test("goes on at the low mark, from the send callback", () => {
    const { socket, pump, ask } = start({ sendHighBytes: 4 * message, sendLowBytes: 2 * message });
    ask(9);
    pump.Pump();
    socket.Take(2 * message);
    expect(socket.Sent).toBe(6);
    socket.Take();
    expect(socket.Sent).toBe(9);
  });

  test("nothing goes to a WebSocket that is closing", () => {
    const { socket, pump, ask } = start();
    socket.readyState = 2;
    ask(1);
    pump.Pump();
    expect(socket.Sent).toBe(0);
  });

  test("how long nothing was taken is known, and 0 while nothing waits", () => {
    const { backend, socket, pump, ask } = start();
    backend.TimeMs += 50;
    expect(pump.StalledMs(backend.Now())).toBe(0);
    ask(1);
    pump.Pump();
    backend.TimeMs += 70;
    expect(pump.StalledMs(backend.Now())).toBe(70);
    socket.Take(1);
    expect(pump.StalledMs(backend.Now())).toBe(0);
  });
});

describe("reading", () => {
  test("stops while a plain client's bytes fill the memory, until half is gone", () => {
    const limit = 2 * MuxLimits.waitingPacketBytes + 200;
    const { socket, pump, pair } = start({ plainWaitingBytes: limit }, 1);
    const page = pair.Connect();
    const say = (bytes: number): void => {
      const Data = new Uint8Array(bytes);
      pair.Bridge.Receive(EncodePacket({ Type: PacketType.DATA, Stream: page.Stream.Id, Data }));
      pump.HoldWhenFull();
    };
    say(100);
    expect(socket.isPaused).toBe(false);
    say(100);
    expect(socket.isPaused).toBe(true);
    const bridge = pair.Answer(50);
    pump.Pump();
    expect(socket.isPaused).toBe(true);
    while (pair.Bridge.WaitingCost() > limit / 2) {
      bridge.In.Clear();
      pair.Bridge.SinkChanged(bridge.Stream);
    }
    pump.Pump();
    expect(socket.isPaused).toBe(false);
  });
});
