import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BridgedSocket } from "../../../../networking/backends/web/BridgedSocket.ts";
import { SocketOption, SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../../networking/core/Status.ts";
import type { MuxEvent } from "../../../../networking/mux/MuxEvent.ts";
import { MuxPair, TakeAll, local, remote } from "../../mux/MuxPair.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const timeoutMs = 1_000;

/** A socket whose backend is the test: what it asks for is written down. */
function make(source = false) {
  const asked: string[] = [];
  const host = {
    Enter: () => asked.push("enter"),
    Leave: () => asked.push("leave"),
    MarkDirty: () => asked.push("dirty"),
  };
  const socket = new BridgedSocket(host, { InboundBufferBytes: 512, OutboundBufferBytes: 256 });
  const Source = source ? local : null;
  socket.Connect({ Host: "arena", Port: 7_350, TimeoutMs: timeoutMs, Source });
  return { asked, socket };
}

/** A socket that is open, over a pair of muxes. */
function open() {
  const { asked, socket } = make();
  const pair = new MuxPair();
  socket.Open(pair.Page);
  socket.Flush();
  pair.Run();
  const far = pair.Answer();
  socket.Opened(local, remote);
  asked.length = 0;
  return { asked, socket, pair, far };
}

function options(events: readonly MuxEvent[]): unknown[] {
  return events.flatMap((event) => {
    return event.Kind === "option" ? [[event.Option, event.Value]] : [];
  });
}

function lastEnd(events: readonly MuxEvent[]): unknown {
  const last = events.at(-1);
  return last?.Kind === "closed" ? last.Code : last?.Kind;
}

describe("connecting", () => {
  test("asks for the link, with rings of the given sizes, and is no further", () => {
    const { asked, socket } = make();
    expect([asked, socket.Phase()]).toEqual([["enter"], SocketPhase.CONNECTING]);
    expect([socket.Inbound.Capacity, socket.Outbound.Capacity]).toEqual([512, 256]);
    expect([socket.Local(), socket.Remote(), socket.Reason()]).toEqual([null, null, 0]);
  });

  test("from a source of one's own choice is UNAVAILABLE, without a link", () => {
    const { asked, socket } = make(true);
    expect([socket.Phase(), socket.Failure()]).toEqual([
      SocketPhase.CLOSED,
      SocketError.UNAVAILABLE,
    ]);
    expect(asked).not.toContain("enter");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("ends at its deadline, not before, and leaves nothing at the bridge", () => {
    const { asked, socket } = make();
    const pair = new MuxPair();
    socket.Open(pair.Page);
    vi.advanceTimersByTime(timeoutMs - 1);
    expect(socket.Phase()).toBe(SocketPhase.CONNECTING);
    vi.advanceTimersByTime(1);
    expect([socket.Failure(), socket.Reason()]).toEqual([
      SocketError.TIMED_OUT,
      CloseReason.TIMEOUT,
    ]);
    pair.Run();
    expect([asked.includes("leave"), pair.Bridge.StreamCount()]).toEqual([true, 0]);
  });

  test("is done with Opened, whose facts it keeps, and has no deadline then", () => {
    const { socket } = open();
    expect([socket.Phase(), socket.Local(), socket.Remote()]).toEqual([
      SocketPhase.OPEN,
      local,
      remote,
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that has ended is not opened by a late answer", () => {
    const { socket } = make();
    socket.End(SocketError.HOST_UNREACHABLE);
    socket.Opened(local, remote);
    expect([socket.Phase(), socket.Remote()]).toEqual([SocketPhase.CLOSED, null]);
  });
});

describe("the end", () => {
  test.each([
    [SocketError.SUCCESS, CloseReason.PEER, true],
    [SocketError.CONNECTION_RESET, CloseReason.RESET, false],
    [SocketError.TIMED_OUT, CloseReason.TIMEOUT, false],
    [SocketError.CONNECTION_REFUSED, CloseReason.ERROR, false],
  ])("with code %d has reason %d, and the peer finished: %s", (code, reason, finished) => {
    const { socket } = open();
    socket.End(code);
    expect([socket.Failure(), socket.Reason(), socket.PeerFinished()]).toEqual([
      code,
      reason,
      finished,
    ]);
  });

  test("comes once: later ones change nothing, and the socket leaves once", () => {
    const { asked, socket } = open();
    socket.End(SocketError.CONNECTION_RESET);
    socket.End(SocketError.SUCCESS);
    socket.Abort();
    socket.Close(10);
    expect([socket.Failure(), socket.Reason()]).toEqual([
      SocketError.CONNECTION_RESET,
      CloseReason.RESET,
    ]);
    expect(asked.filter((word) => word === "leave")).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("leaves what came before it in the ring", () => {
    const { socket, pair, far } = open();
    far.Out.Write(Uint8Array.of(1, 2));
    pair.Bridge.SourceChanged(far.Stream);
    pair.Run();
    socket.End(SocketError.CONNECTION_RESET);
    expect([...TakeAll(socket.Inbound)]).toEqual([1, 2]);
  });

  test("by Abort is LOCAL, and resets the far end whatever waits", () => {
    const { socket, pair } = open();
    socket.Outbound.Write(Uint8Array.of(1));
    socket.Abort();
    socket.Flush();
    pair.Run();
    expect([socket.Phase(), socket.Reason()]).toEqual([SocketPhase.CLOSED, CloseReason.LOCAL]);
    expect(lastEnd(pair.BridgeEvents)).toBe(SocketError.CONNECTION_RESET);
  });
});

describe("Close", () => {
  test("sends the tail, then ends in order", () => {
    const { socket, pair, far } = open();
    socket.Outbound.Write(Uint8Array.of(7));
    socket.Close(500);
    socket.Flush();
    pair.Run();
    expect([...TakeAll(far.In)]).toEqual([7]);
    expect(lastEnd(pair.BridgeEvents)).toBe(SocketError.SUCCESS);
  });

  test("of a tail that nobody takes resets when the time is up, not before", () => {
    const { socket, pair } = open();
    pair.Bridge.Receive = () => undefined; // The far end grants nothing any more.
    socket.Close(500);
    vi.advanceTimersByTime(499);
    expect(socket.Phase()).toBe(SocketPhase.OPEN);
    vi.advanceTimersByTime(1);
    expect([socket.Phase(), socket.Failure()]).toEqual([SocketPhase.CLOSED, SocketError.TIMED_OUT]);
    expect(pair.Page.StreamCount()).toBe(0);
  });

  test("before it is open is an Abort", () => {
    const { socket } = make();
    socket.Close(500);
    expect([socket.Phase(), socket.Reason()]).toEqual([SocketPhase.CLOSED, CloseReason.LOCAL]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("Flush", () => {
  test("sends bytes before FIN, and FIN once however often it is called", () => {
    const { asked, socket, pair, far } = open();
    socket.Outbound.Write(Uint8Array.of(1, 2));
    socket.Finish();
    expect(asked).toEqual(["dirty"]);
    for (let i = 0; i < 2; i++) {
      socket.Flush();
      pair.Run();
    }
    expect([...TakeAll(far.In)]).toEqual([1, 2]);
    expect(pair.BridgeEvents.filter(({ Kind }) => Kind === "finished")).toHaveLength(1);
    expect(socket.Phase()).toBe(SocketPhase.OPEN);
  });

  test("Close after Finish still ends the socket", () => {
    const { socket, pair } = open();
    socket.Finish();
    socket.Close(500);
    socket.Finish();
    socket.Flush();
    pair.Run();
    expect(lastEnd(pair.BridgeEvents)).toBe(SocketError.SUCCESS);
  });

  test("grants the far end what was read", () => {
    const { socket, pair, far } = open();
    far.Out.Write(new Uint8Array(600));
    pair.Bridge.SourceChanged(far.Stream);
    pair.Run();
    expect([socket.Inbound.Used(), far.Out.Used()]).toEqual([512, 88]);
    TakeAll(socket.Inbound);
    socket.InboundChanged();
    socket.Flush();
    pair.Run();
    expect([socket.Inbound.Used(), far.Out.Used()]).toEqual([88, 0]);
  });

  test("is asked for by changes only while there is a stream to tell", () => {
    const { asked, socket } = make();
    socket.OutboundChanged();
    socket.InboundChanged();
    expect(asked).toEqual(["enter"]);
    const opened = open();
    opened.socket.OutboundChanged();
    opened.socket.InboundChanged();
    expect(opened.asked).toEqual(["dirty", "dirty"]);
  });
});

describe("options", () => {
  test("set before the stream are told behind its CONNECT", () => {
    const { asked, socket } = make();
    socket.SetOption(SocketOption.KEEP_ALIVE, true);
    expect(asked).toEqual(["enter"]);
    const pair = new MuxPair();
    socket.Open(pair.Page);
    expect(asked).toEqual(["enter", "dirty"]);
    socket.Flush();
    pair.Run();
    expect(pair.BridgeEvents.slice(1).map(({ Kind }) => Kind)).toEqual(["connect", "option"]);
  });

  test("are told once per run with their latest value, so no toggling floods the link", () => {
    const { asked, socket, pair } = open();
    for (let i = 0; i <= 5_000; i++) socket.SetOption(SocketOption.NO_DELAY, i % 2 === 0);
    socket.SetOption(SocketOption.KEEP_ALIVE, false);
    expect(asked[0]).toBe("dirty");
    socket.Flush();
    socket.Flush();
    pair.Run();
    expect(options(pair.BridgeEvents)).toEqual([
      [SocketOption.NO_DELAY, true],
      [SocketOption.KEEP_ALIVE, false],
    ]);
    expect(socket.Phase()).toBe(SocketPhase.OPEN);
  });
});

describe("OnActivity", () => {
  test("is told in Flush, once for all that was recorded, never inside a call", () => {
    const { socket } = open();
    let told = 0;
    socket.OnActivity(() => told++);
    socket.Flush();
    expect(told).toBe(1);
    socket.Moved();
    socket.PeerFinish();
    expect([told, socket.PeerFinished()]).toEqual([1, true]);
    socket.Flush();
    socket.Flush();
    expect(told).toBe(2);
  });

  test.each([
    ["the end", (socket: BridgedSocket) => socket.End(SocketError.CONNECTION_RESET), 1],
    ["nothing after null", (socket: BridgedSocket) => socket.OnActivity(null), 0],
    ["nothing after Abort", (socket: BridgedSocket) => socket.Abort(), 0],
    ["nothing after Close", (socket: BridgedSocket) => socket.Close(10), 0],
  ])("is told of %s", (_name, act, times) => {
    const { socket } = open();
    const handler = vi.fn<() => void>();
    socket.OnActivity(handler);
    socket.Flush();
    handler.mockClear();
    if (times === 0) socket.Moved();
    act(socket);
    socket.Flush();
    expect(handler).toHaveBeenCalledTimes(times);
  });
});
