import { describe, expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { MuxStream } from "../../../networking/mux/MuxStream.ts";
import type { MwxInfo } from "../../../networking/mux/MwxInfo.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { ExtensionId, PacketType, SockOpt } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { PageMux } from "../../../networking/mux/PageMux.ts";
import { local, remote } from "./MuxPair.ts";

/** A page's mux at a server that the test plays. */
class Page {
  readonly Events: MuxEvent[] = [];
  readonly Mux: PageMux;

  constructor(version: 1 | 2) {
    this.Mux = new PageMux(version, (event) => this.Events.push(event));
  }

  Hear(...packets: Packet[]): void {
    for (const packet of packets) this.Mux.Receive(EncodePacket(packet));
  }

  /** A stream with rings of 256 bytes. */
  Connect(): MuxStream {
    return this.Mux.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
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

  /** "Kind" or "Kind CODE" of all events after "ready". */
  Kinds(): string[] {
    return this.Events.slice(1).map((event) => {
      return "Code" in event ? `${event.Kind} ${event.Code}` : event.Kind;
    });
  }
}

const greeting: Packet = { Type: PacketType.CONTINUE, Stream: 0, Credit: 8 };
const empty = new Uint8Array(0);

function info(...Extensions: { Id: number; Metadata: Uint8Array }[]): Packet {
  return { Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0, Extensions };
}

/** At a server that speaks MWX, perhaps with limits of its own. */
function atMwx(theirs: Partial<MwxInfo> = {}): Page {
  const page = new Page(2);
  const Metadata = EncodeMwxInfo({ ...OwnMwxInfo, ...theirs });
  page.Hear(info({ Id: ExtensionId.MWX, Metadata }), greeting);
  page.Said();
  return page;
}

/** At a plain v1 server. */
function atPlain(): Page {
  const page = new Page(1);
  page.Hear(greeting);
  return page;
}

const opened = (Stream: number, Offset: number): Packet => {
  return { Type: PacketType.OPENED, Stream, Local: local, Remote: remote, Offset };
};
const resolved = (Stream: number, Status: number, addresses = [remote.Address]): Packet => {
  return { Type: PacketType.RESOLVED, Stream, Status, TtlSeconds: 9, Addresses: addresses };
};

describe("CanConnect", () => {
  test("is false before the handshake and after the end", () => {
    const page = new Page(1);
    expect(page.Mux.CanConnect()).toBe(false);
    page.Hear(greeting);
    expect(page.Mux.CanConnect()).toBe(true);
    page.Mux.End(SocketError.CONNECTION_RESET);
    expect(page.Mux.CanConnect()).toBe(false);
  });

  test.each([
    ["a server's lower limit", () => atMwx({ MaxStreams: 2 }), 2],
    ["our own, when the server's is higher", () => atMwx({ MaxStreams: 9_999 }), 256],
    ["our own in plain Wisp", atPlain, 256],
  ])("ends at %s, and comes back with a stream that ends", (_name, make, most) => {
    const page = make();
    const streams = Array.from({ length: most - 1 }, () => page.Connect());
    expect(page.Mux.CanConnect()).toBe(true);
    page.Connect();
    expect(page.Mux.CanConnect()).toBe(false);
    page.Mux.Reset(streams[0] as MuxStream);
    expect(page.Mux.CanConnect()).toBe(true);
  });

  test("streams opened and reset in one run stop before they fill the queue of answers", () => {
    const page = atMwx();
    let count = 0;
    for (; count < MuxLimits.maxControlPackets && page.Mux.CanConnect(); count++) {
      page.Mux.Reset(page.Connect());
    }
    expect(count).toBeLessThan(MuxLimits.maxControlPackets);
    expect(page.Kinds()).not.toContain(`failed ${SocketError.LIMIT_REACHED}`);
    page.Said();
    expect(page.Mux.CanConnect()).toBe(true);
  });
});

describe("Connect", () => {
  test("asks with an id that was never used, and the first window with it", () => {
    const page = atMwx();
    const first = page.Connect();
    page.Mux.Reset(first);
    page.Said();
    const second = page.Connect();
    expect([first.Id, second.Id]).toEqual([1, 2]);
    expect(page.Said()).toMatchObject([
      { Type: PacketType.CONNECT, Stream: 2, StreamType: 1, Port: 80, Host: "a" },
      { Type: PacketType.WINDOW, Stream: 2, Offset: 256 },
    ]);
  });

  test("is open when OPENED comes, with both ends and the granted window", () => {
    const page = atMwx();
    const stream = page.Connect();
    expect(page.Kinds()).toEqual([]);
    page.Hear(opened(stream.Id, 77));
    const [, event] = page.Events;
    expect(event).toMatchObject({ Kind: "opened", Local: { Port: local.Port } });
    expect(stream.Window.Room()).toBe(77);
  });

  test("is open at once at a plain server that confirms nothing", () => {
    const page = atPlain();
    page.Connect();
    expect(page.Events.at(-1)).toMatchObject({ Kind: "opened", Local: null, Remote: null });
  });

  test("is open with the first CONTINUE at a plain server that confirms, and once", () => {
    const page = new Page(2);
    page.Hear(info({ Id: ExtensionId.STREAM_OPEN, Metadata: empty }), greeting);
    const stream = page.Connect();
    expect(page.Kinds()).toEqual([]);
    const grant: Packet = { Type: PacketType.CONTINUE, Stream: stream.Id, Credit: 3 };
    page.Hear(grant, grant);
    expect(page.Kinds()).toEqual(["opened"]);
  });

  test("may be refused, with the exact code", () => {
    const page = atMwx();
    const { Id: Stream } = page.Connect();
    page.Hear({ Type: PacketType.CLOSE, Stream, Reason: 1, Code: SocketError.CANT_RESOLVE });
    expect(page.Kinds()).toEqual([`closed ${SocketError.CANT_RESOLVE}`]);
  });
});

describe("Reset", () => {
  test("asks an MWX bridge to reset the target, and is closed once", () => {
    const page = atMwx();
    const stream = page.Connect();
    page.Said();
    page.Mux.Reset(stream);
    page.Mux.Reset(stream);
    expect(page.Said()).toMatchObject([{ Type: PacketType.SOCKOPT, Option: SockOpt.ABORT }]);
    expect(page.Kinds()).toEqual([`closed ${SocketError.CONNECTION_RESET}`]);
  });

  test("is a CLOSE in plain Wisp, also of a stream that still drains", () => {
    const page = atPlain();
    const [stream, draining] = [page.Connect(), page.Connect()];
    page.Said();
    const Data = new Uint8Array(300);
    page.Hear({ Type: PacketType.DATA, Stream: draining.Id, Data });
    page.Hear({ Type: PacketType.CLOSE, Stream: draining.Id, Reason: 2, Code: null });
    expect(page.Mux.WaitingCost()).toBeGreaterThan(0);
    for (const each of [stream, draining]) page.Mux.Reset(each);
    expect(page.Said()).toMatchObject([{ Type: PacketType.CLOSE, Stream: stream.Id }]);
    expect(page.Kinds().slice(-2)).toEqual(["closed 20", "closed 20"]);
    expect(page.Mux.WaitingCost()).toBe(0);
  });
});

test("Finish in plain Wisp keeps the stream open for what still comes", () => {
  const page = atPlain();
  const stream = page.Connect();
  page.Said();
  page.Mux.Finish(stream);
  expect([page.Said(), page.Mux.StreamCount()]).toEqual([[], 1]);
  page.Mux.Close(stream, SocketError.SUCCESS);
  expect(page.Said()).toMatchObject([{ Type: PacketType.CLOSE, Reason: 2 }]);
});

test.each([
  ["as much as", 0, []],
  ["one byte more than", 1, [`closed ${SocketError.OUT_OF_BUFFER_MEMORY}`]],
])("a plain server that sends %s may wait beside the ring", (_name, more, ends) => {
  const page = atPlain();
  const { Id: Stream } = page.Connect();
  const most = 256 + MuxLimits.pageWaitingBytes - MuxLimits.waitingPacketBytes;
  page.Hear({ Type: PacketType.DATA, Stream, Data: new Uint8Array(most + more) });
  expect(page.Kinds()).toEqual(["opened", "received", ...ends]);
});

describe("Resolve", () => {
  test("is possible only where the server offers it, and up to a limit", () => {
    expect(atPlain().Mux.CanResolve()).toBe(false);
    const none = atMwx({ Features: 0 }).Mux;
    expect([none.OffersResolve(), none.CanResolve()]).toEqual([false, false]);
    const page = atMwx();
    for (let i = 1; i < MuxLimits.maxLookups; i++) page.Mux.Resolve("a", 0);
    expect(page.Mux.CanResolve()).toBe(true);
    const last = page.Mux.Resolve("a", 0);
    expect([page.Mux.OffersResolve(), page.Mux.CanResolve()]).toEqual([true, false]);
    page.Hear(resolved(last, SocketError.SUCCESS));
    expect(page.Mux.CanResolve()).toBe(true);
  });

  test("takes its id from the same row as streams", () => {
    const page = atMwx();
    page.Connect();
    const id = page.Mux.Resolve("game.example", 6);
    expect(page.Said().find(({ Type }) => Type === PacketType.RESOLVE)).toEqual({
      Type: PacketType.RESOLVE,
      Stream: id,
      Family: 6,
      Host: "game.example",
    });
    expect(id).toBe(2);
  });

  test.each([
    ["a code of ours", SocketError.POLICY_DENIED, SocketError.POLICY_DENIED],
    ["a number that is no code", 9_999, SocketError.CANT_RESOLVE],
    ["success without an address", SocketError.SUCCESS, SocketError.CANT_RESOLVE],
  ])("fails with %s", (_name, status, code) => {
    const page = atMwx();
    page.Hear(resolved(page.Mux.Resolve("a", 0), status, []));
    expect(page.Kinds()).toEqual([`resolved ${code}`]);
  });

  test("a second answer is dropped, one to a question never asked ends the session", () => {
    const page = atMwx();
    const id = page.Mux.Resolve("a", 0);
    page.Hear(resolved(id, 0), resolved(id, 0));
    expect([page.Kinds(), page.Mux.Dropped()]).toEqual([["resolved 0"], 1]);
    page.Hear(resolved(id + 1, 0));
    expect(page.Kinds()).toEqual(["resolved 0", `failed ${SocketError.PROTOCOL_ERROR}`]);
  });
});
