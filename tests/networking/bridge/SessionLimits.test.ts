/** The numbers of one WebSocket, each at its border, with the defaults that bridges run with. */
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { SessionStage } from "./SessionStage.ts";

const { LIMIT_REACHED, TIMED_OUT } = SocketError;
const codes = (stage: SessionStage) => stage.Of(PacketType.CLOSE).map(({ Code }) => Code);

describe("silence", () => {
  test("INFO has 5 s after the upgrade", () => {
    const stage = new SessionStage();
    stage.At(5_000);
    expect(stage.Far.Ended).toBeNull();
    stage.At(5_001);
    expect(stage.Far.Ended).toBe(1002);
    const ready = SessionStage.Ready();
    ready.At(5_001);
    expect(ready.Far.Ended).toBeNull();
  });

  test("version 1 has no INFO to wait for", () => {
    const stage = new SessionStage("");
    stage.At(19_999);
    expect(stage.Far.Ended).toBeNull();
  });

  test("a ping after the handshake, then every 20 s; two without an answer, and it is dead", () => {
    const stage = SessionStage.Ready();
    for (const [timeMs, pings, ended] of [
      [1_000, 1, null],
      [20_999, 1, null],
      [21_000, 2, null],
      [40_999, 2, null],
      [41_000, 2, "terminated"],
    ] as const) {
      stage.At(timeMs);
      expect([timeMs, stage.Far.Pings.length, stage.Far.Ended]).toEqual([timeMs, pings, ended]);
    }
  });

  test("no ping before the handshake is done, unless that takes long", () => {
    const stage = new SessionStage("mwx1", { Dev: true }, { handshakeTimeoutMs: 60_000 });
    const pings = [1_000, 19_999, 20_000].map((timeMs) => {
      stage.At(timeMs);
      return stage.Far.Pings.length;
    });
    expect(pings).toEqual([0, 0, 1]);
  });

  test("an answer to any ping is a sign of life", () => {
    const stage = SessionStage.Ready();
    for (let timeMs = 20_000; timeMs <= 200_000; timeMs += 20_000) {
      stage.At(timeMs);
      if (timeMs % 40_000 === 0) stage.Pong();
    }
    expect([stage.Far.Pings.length, stage.Far.Ended]).toEqual([10, null]);
  });

  test("what waits for the page and does not move for 30 s ends it", () => {
    const stage = SessionStage.Ready();
    const at = (timeMs: number) => {
      stage.Pong();
      stage.At(timeMs);
    };
    at(10_000);
    stage.Far.bufferedAmount = 1;
    at(40_000);
    expect(stage.Far.Ended).toBeNull();
    at(40_001);
    expect(stage.Far.Ended).toBe("terminated");
  });
});

describe("rates", () => {
  test("CONNECT: 64 at once, 20 a second after that", () => {
    const stage = SessionStage.Ready();
    let id = 0;
    const connect = (count: number) => {
      for (let i = 0; i < count; i++) stage.Connect(++id);
      return [stage.Backend.Sockets.length, codes(stage).length];
    };
    expect(connect(64)).toEqual([64, 0]);
    expect(connect(1)).toEqual([64, 1]);
    stage.At(1_000);
    expect(connect(20)).toEqual([84, 1]);
    expect(connect(1)).toEqual([84, 2]);
    expect(codes(stage)).toEqual([LIMIT_REACHED, LIMIT_REACHED]);
  });

  test("RESOLVE: 20 at once, 10 a second after that", () => {
    const stage = SessionStage.Ready();
    let id = 0;
    const resolve = (count: number) => {
      for (let i = 0; i < count; i++) stage.Resolve(++id);
      return [stage.Backend.Lookups.length, stage.Of(PacketType.RESOLVED).length];
    };
    expect(resolve(20)).toEqual([20, 0]);
    expect(resolve(1)).toEqual([20, 1]);
    stage.At(1_000);
    expect(resolve(10)).toEqual([30, 1]);
    expect(resolve(1)).toEqual([30, 2]);
    expect(stage.Of(PacketType.RESOLVED).map(({ Status }) => Status)).toEqual([
      LIMIT_REACHED,
      LIMIT_REACHED,
    ]);
  });

  test("opening and closing: the 101st in a moment ends the WebSocket", () => {
    const stage = SessionStage.Ready();
    for (let id = 1; id <= 100; id++) stage.Connect(id, "8.8.8.8");
    expect([codes(stage).length, stage.Far.Ended]).toEqual([100, null]);
    stage.Connect(101, "8.8.8.8");
    expect(stage.Far.Ended).toBe(1008);
  });

  test("opening and closing: ten a second may go on for ever", () => {
    const stage = SessionStage.Ready();
    for (let second = 0; second < 60; second++) {
      stage.Pong();
      stage.At(second * 1_000);
      for (let i = 1; i <= 10; i++) stage.Connect(second * 10 + i, "8.8.8.8");
    }
    expect([codes(stage).length, stage.Far.Ended]).toEqual([600, null]);
  });
});

describe("numbers", () => {
  test("256 streams", () => {
    const stage = SessionStage.Ready();
    for (let id = 1; id <= 257; id++) {
      if (id % 60 === 0) stage.At(stage.Backend.TimeMs + 4_000);
      stage.Connect(id);
      expect([stage.Counters.Streams, codes(stage).length]).toEqual([
        Math.min(id, 256),
        id > 256 ? 1 : 0,
      ]);
    }
    expect(codes(stage)).toEqual([LIMIT_REACHED]);
    stage.Far.terminate();
    expect([stage.Counters.Streams, stage.Memory.UsedBytes()]).toEqual([0, 0]);
  });

  test("16 pongs wait for the network; pings beyond that go unanswered, later ones do not", () => {
    const stage = SessionStage.Ready();
    const ping = (count: number) => {
      for (let i = 0; i < count; i++) stage.Far.emit("ping", new Uint8Array(0));
      return stage.Far.Pongs.length;
    };
    expect([ping(15), ping(1), ping(1), ping(1_000)]).toEqual([15, 16, 16, 16]);
    stage.Far.Pongs.shift()?.();
    expect([ping(1), ping(1)]).toEqual([16, 16]);
  });
});

describe("time for a target", () => {
  test("a lookup has 5 s", () => {
    const stage = SessionStage.Ready();
    stage.Connect(1, "localhost");
    const [deadline] = stage.Backend.Timers;
    expect(deadline?.DelayMs).toBe(5_000);
    deadline?.Handler();
    expect(codes(stage)).toEqual([TIMED_OUT]);
  });

  test("lookup and attempts have 10 s together, shared by the addresses", () => {
    const stage = SessionStage.Ready();
    stage.Connect(1, "localhost");
    stage.Backend.TimeMs = 4_000;
    const addresses = ["127.0.0.1", "::1"].map((text) => new IpAddress(text));
    stage.Backend.Lookups[0]?.Record(addresses);
    stage.Backend.Lookups[0]?.Notify();
    const [first] = stage.Backend.Sockets;
    expect(first?.Target?.TimeoutMs).toBe(3_000);
    stage.Backend.TimeMs = 9_000;
    first?.Fail(TIMED_OUT);
    expect(stage.Backend.Sockets[1]?.Target?.TimeoutMs).toBe(1_000);
    stage.Backend.TimeMs = 10_000;
    stage.Backend.Sockets[1]?.Fail(TIMED_OUT);
    expect(codes(stage)).toEqual([TIMED_OUT]);
  });
});
