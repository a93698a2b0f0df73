import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { BridgeMux } from "../../../networking/mux/BridgeMux.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { MuxStream } from "../../../networking/mux/MuxStream.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { ExtensionId, PacketType, SockOpt, StreamType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { local, remote } from "./MuxPair.ts";

/** A bridge's mux at a client that the test plays. */
class Bridge {
  readonly Events: MuxEvent[] = [];
  readonly Mux: BridgeMux;
  readonly Source = ByteRing.Create(1_024);
  readonly Sink = ByteRing.Create(1_024);

  /** @param extensions what the client's INFO has; null for v1. */
  constructor(extensions: { Id: number; Metadata: Uint8Array }[] | null) {
    this.Mux = new BridgeMux(extensions === null ? 1 : 2, (event) => this.Events.push(event));
    if (extensions !== null) {
      const Extensions = extensions;
      this.Hear({ Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0, Extensions });
    }
    this.Said();
    this.Events.length = 0;
  }

  Hear(...packets: Packet[]): void {
    for (const packet of packets) this.Mux.Receive(EncodePacket(packet));
  }

  /** Hears CONNECT. */
  Connect(id: number): MuxStream {
    this.Hear(connect(id));
    const last = this.Events.at(-1);
    if (last?.Kind !== "connect") throw new Error("The mux took no CONNECT.");
    return last.Stream;
  }

  Open(stream: MuxStream): void {
    this.Mux.Open(stream, this.Source, this.Sink, local, remote);
  }

  /** Everything that it wants to say now. */
  Said(): Packet[] {
    const said = [];
    for (let next = this.Mux.NextMessage(); next !== null; next = this.Mux.NextMessage()) {
      const decoded = DecodePacket(next);
      if (decoded.Ok) said.push(decoded.Packet);
    }
    return said;
  }

  Kinds(): string[] {
    return this.Events.map(({ Kind }) => Kind);
  }
}

const withMwx = (): Bridge =>
  new Bridge([{ Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) }]);
const plain = (): Bridge => new Bridge(null);
const connect = (Stream: number, Type: number = StreamType.TCP): Packet => {
  return { Type: PacketType.CONNECT, Stream, StreamType: Type, Port: 80, Host: "a" };
};
const resolve = (Stream: number): Packet => {
  return { Type: PacketType.RESOLVE, Stream, Family: 0, Host: "a" };
};
const option = (Stream: number, Option: number, Value = 1): Packet => {
  return { Type: PacketType.SOCKOPT, Stream, Option, Value };
};

describe("Open", () => {
  test("answers with both ends and the window of the target's ring", () => {
    const bridge = withMwx();
    bridge.Open(bridge.Connect(1));
    const [opened, ...more] = bridge.Said();
    expect(opened).toMatchObject({ Type: PacketType.OPENED, Stream: 1, Offset: 1_024 });
    expect(opened).toMatchObject({ Local: { Port: local.Port }, Remote: { Port: remote.Port } });
    expect(more).toEqual([]);
  });

  test("sends at once what the target said before", () => {
    const bridge = plain();
    bridge.Source.Write(Uint8Array.of(7));
    bridge.Open(bridge.Connect(1));
    expect(bridge.Said()).toMatchObject([{ Type: PacketType.DATA, Data: Uint8Array.of(7) }]);
  });

  test("a second one changes nothing, nor one of a stream that has ended", () => {
    const bridge = withMwx();
    const stream = bridge.Connect(1);
    bridge.Open(stream);
    bridge.Said();
    bridge.Open(stream);
    expect(bridge.Said()).toEqual([]);
    const ended = bridge.Connect(2);
    bridge.Hear(option(2, SockOpt.ABORT));
    bridge.Open(ended);
    expect([bridge.Said(), ended.IsAttached()]).toEqual([[], false]);
  });

  test("is said to a plain client by CONTINUE, if that asked for it", () => {
    const asked = new Bridge([{ Id: ExtensionId.STREAM_OPEN, Metadata: new Uint8Array(0) }]);
    asked.Open(asked.Connect(9));
    const Credit = MuxLimits.plainCreditPackets;
    expect(asked.Said()).toEqual([{ Type: PacketType.CONTINUE, Stream: 9, Credit }]);
    const silent = new Bridge([]);
    silent.Open(silent.Connect(9));
    expect(silent.Said()).toEqual([]);
  });
});

describe("the ids of an MWX page", () => {
  test("count up, over streams and lookups, and may leave some out", () => {
    const bridge = withMwx();
    bridge.Hear(connect(1), resolve(2), connect(10), resolve(2 ** 31 - 1));
    expect(bridge.Kinds()).toEqual(["connect", "resolve", "connect", "resolve"]);
  });

  test.each([
    ["a stream's for a lookup", connect(5), resolve(5)],
    ["a lookup's for a stream", resolve(5), connect(5)],
    ["one that was left out", connect(5), connect(4)],
    ["a bridge's own for a lookup", connect(5), resolve(2 ** 31)],
  ])("are not used twice: %s", (_name, first, second) => {
    const bridge = withMwx();
    bridge.Hear(first, second);
    expect(bridge.Kinds().at(-1)).toBe("failed");
  });
});

test("the ids of a plain client are free again after their stream, and any may come", () => {
  const bridge = plain();
  const first = bridge.Connect(2 ** 32 - 1);
  bridge.Mux.Abort(first, SocketError.FAILED);
  expect(bridge.Connect(2 ** 32 - 1)).not.toBe(first);
  bridge.Connect(1);
  bridge.Hear(connect(1));
  expect(bridge.Kinds().at(-1)).toBe("failed");
});

test("a stream type that is not TCP is the session's to refuse", () => {
  const bridge = plain();
  bridge.Hear(connect(1, StreamType.UDP));
  expect(bridge.Events).toMatchObject([{ Kind: "connect", StreamType: StreamType.UDP }]);
});

test("one stream too many is refused by itself, and an id later there is room again", () => {
  const bridge = withMwx();
  const streams = Array.from({ length: MuxLimits.maxStreams }, (_, i) => bridge.Connect(i + 1));
  bridge.Events.length = 0;
  bridge.Hear(connect(1_000));
  const Code = SocketError.LIMIT_REACHED;
  expect(bridge.Said()).toMatchObject([{ Type: PacketType.CLOSE, Stream: 1_000, Code }]);
  expect(bridge.Events).toEqual([]);
  bridge.Mux.Abort(streams[0] as MuxStream, SocketError.FAILED);
  bridge.Connect(1_001);
  expect(bridge.Mux.StreamCount()).toBe(MuxLimits.maxStreams);
});

describe("Resolved", () => {
  test.each([
    [MuxLimits.maxAddresses, MuxLimits.maxAddresses],
    [MuxLimits.maxAddresses + 1, MuxLimits.maxAddresses],
  ])("of %d addresses sends %d", (count, sent) => {
    const bridge = withMwx();
    bridge.Hear(resolve(1));
    const addresses = Array.from({ length: count }, () => remote.Address);
    bridge.Mux.Resolved(1, SocketError.SUCCESS, 60, addresses);
    const [answer] = bridge.Said();
    expect(answer).toMatchObject({ Type: PacketType.RESOLVED, Stream: 1, TtlSeconds: 60 });
    expect(answer?.Type === PacketType.RESOLVED && answer.Addresses.length).toBe(sent);
  });

  test("answers a question once, and none that was never asked", () => {
    const bridge = withMwx();
    bridge.Hear(resolve(1));
    for (const id of [1, 1, 2]) bridge.Mux.Resolved(id, SocketError.CANT_RESOLVE, 0, []);
    expect(bridge.Said()).toMatchObject([{ Stream: 1, Status: SocketError.CANT_RESOLVE }]);
  });

  test("one lookup too many is answered by itself, and an answer makes room", () => {
    const bridge = withMwx();
    for (let id = 1; id <= MuxLimits.maxLookups + 1; id++) bridge.Hear(resolve(id));
    expect(bridge.Events).toHaveLength(MuxLimits.maxLookups);
    expect(bridge.Said()).toMatchObject([
      { Stream: MuxLimits.maxLookups + 1, Status: SocketError.LIMIT_REACHED },
    ]);
    bridge.Mux.Resolved(1, SocketError.SUCCESS, 0, [remote.Address]);
    bridge.Hear(resolve(1_000));
    expect(bridge.Events).toHaveLength(MuxLimits.maxLookups + 1);
  });
});

describe("socket options", () => {
  test("are told as they are, true for any number but 0", () => {
    const bridge = withMwx();
    const Stream = bridge.Connect(1);
    bridge.Hear(option(1, SockOpt.NO_DELAY, 0), option(1, SockOpt.KEEP_ALIVE, 7));
    expect(bridge.Events.slice(1)).toEqual([
      { Kind: "option", Stream, Option: SockOpt.NO_DELAY, Value: false },
      { Kind: "option", Stream, Option: SockOpt.KEEP_ALIVE, Value: true },
    ]);
  });

  test("ABORT ends the stream without an answer", () => {
    const bridge = withMwx();
    const Stream = bridge.Connect(1);
    bridge.Open(Stream);
    bridge.Source.Write(Uint8Array.of(1));
    bridge.Mux.SourceChanged(Stream);
    bridge.Hear(option(1, SockOpt.ABORT));
    const closed = { Kind: "closed", Stream, Code: SocketError.CONNECTION_RESET };
    expect(bridge.Events.at(-1)).toEqual(closed);
    expect(bridge.Said().map(({ Type }) => Type)).toEqual([PacketType.OPENED]);
  });

  test("for a stream that has ended are dropped, for one that never was end the session", () => {
    const bridge = withMwx();
    bridge.Mux.Abort(bridge.Connect(1), SocketError.FAILED);
    bridge.Hear(option(1, SockOpt.NO_DELAY));
    expect([bridge.Mux.Dropped(), bridge.Kinds()]).toEqual([1, ["connect", "closed"]]);
    bridge.Hear(option(2, SockOpt.NO_DELAY));
    expect(bridge.Kinds().at(-1)).toBe("failed");
  });
});

test("Finish towards a plain client is an orderly CLOSE after the last byte", () => {
  const bridge = plain();
  const stream = bridge.Connect(1);
  bridge.Open(stream);
  bridge.Source.Write(Uint8Array.of(5));
  bridge.Mux.Finish(stream);
  expect(bridge.Said().map(({ Type }) => Type)).toEqual([PacketType.DATA, PacketType.CLOSE]);
  expect(bridge.Events.at(-1)).toMatchObject({ Kind: "closed", Code: SocketError.SUCCESS });
});

test("what a client may send and the target has no room for waits without a limit of its own", () => {
  const bridge = plain();
  bridge.Open(bridge.Connect(1));
  const Data = new Uint8Array(2 * MuxLimits.pageWaitingBytes);
  bridge.Hear({ Type: PacketType.DATA, Stream: 1, Data });
  expect(bridge.Kinds()).toEqual(["connect", "received"]);
  expect(bridge.Mux.WaitingCost()).toBe(Data.length - 1_024 + MuxLimits.waitingPacketBytes);
});
