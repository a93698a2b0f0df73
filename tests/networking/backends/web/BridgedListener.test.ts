import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ListenerHost } from "../../../../networking/backends/web/BridgedListener.ts";
import { BridgedListener } from "../../../../networking/backends/web/BridgedListener.ts";
import { BridgedSocket } from "../../../../networking/backends/web/BridgedSocket.ts";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { ListenOptions } from "../../../../networking/core/NetBackend.ts";
import { ListenerPhase, SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import type { MuxEvent } from "../../../../networking/mux/MuxEvent.ts";
import { MuxPair, local, remote } from "../../mux/MuxPair.ts";

const options: ListenOptions = {
  Address: new IpAddress("*"),
  Port: 0,
  Backlog: 2,
  InboundBufferBytes: 512,
  OutboundBufferBytes: 512,
};

/** What the listener wanted of its host, in order: "enter", "leave". */
let asked: string[];
let dirty: Set<{ Flush(): void }>;
const host: ListenerHost = {
  Enter: () => void asked.push("enter"),
  Leave: () => void asked.push("leave"),
  NewSocket: (like) =>
    new BridgedSocket(
      {
        Enter: () => undefined,
        Leave: () => undefined,
        MarkDirty: (socket) => void dirty.add(socket),
      },
      like,
    ),
  MarkDirty: (listener) => void dirty.add(listener),
};

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  dirty = new Set();
});
afterEach(() => {
  if (vi.getTimerCount() > 0) throw new Error("The listener left a timer behind.");
  vi.useRealTimers();
});

function flush(): void {
  for (const one of dirty) one.Flush();
  dirty.clear();
}

const kinds = (events: readonly MuxEvent[]): string[] => events.map(({ Kind }) => Kind);

/** A listener that the bridge has granted. */
function granted() {
  const pair = new MuxPair(2, 4);
  const listener = new BridgedListener(host, options);
  const muxListener = listener.Open(pair.Page);
  pair.Run();
  listener.Granted(local);
  /** A connection comes in. */
  const come = () => {
    const socket = listener.NewSocket();
    pair.Run();
    return socket;
  };
  return { pair, listener, muxListener, come };
}

describe("asking", () => {
  test("begins at once, with what the game asked for", () => {
    const pair = new MuxPair(2, 4);
    const listener = new BridgedListener(host, { ...options, Port: 7_400 });
    expect([asked, listener.Phase(), listener.Local()]).toEqual([
      ["enter"],
      ListenerPhase.OPENING,
      null,
    ]);
    listener.Open(pair.Page);
    pair.Run();
    expect(pair.BridgeEvents.at(-1)).toMatchObject({ Host: "*", Port: 7_400, Backlog: 2 });
    listener.Granted(local);
    expect([listener.Phase(), listener.Local()]).toEqual([ListenerPhase.LISTENING, local]);
  });

  test("ends with the bridge's refusal, or with a link that cannot be had", () => {
    const refused = new BridgedListener(host, options);
    refused.Ended(SocketError.POLICY_DENIED);
    refused.Ended(SocketError.ADDRESS_IN_USE);
    expect([refused.Phase(), refused.Failure()]).toEqual([
      ListenerPhase.CLOSED,
      SocketError.POLICY_DENIED,
    ]);
    const lost = new BridgedListener(host, options);
    lost.LinkFailed();
    expect(lost.Failure()).toBe(SocketError.HOST_UNREACHABLE);
    expect(asked).toEqual(["enter", "leave", "enter", "leave"]);
  });
});

describe("connections", () => {
  test("wait in order, and each one taken lets the bridge announce another", () => {
    const { pair, listener, come } = granted();
    const [one, two] = [come(), come()];
    expect(listener.Pending()).toBe(2);
    expect([listener.Take(), listener.Take(), listener.Take()]).toEqual([one, two, null]);
    flush();
    pair.Collect();
    expect(pair.ToBridge.map(([type]) => type)).toEqual([0xd6]);
  });

  test("are told to the handler at the end of the run, once, also those from before", () => {
    const { listener, come } = granted();
    let told = 0;
    come();
    listener.OnActivity(() => told++);
    come();
    expect(told).toBe(0);
    flush();
    expect(told).toBe(1);
    listener.OnActivity(null);
    come();
    flush();
    expect(told).toBe(1);
  });

  test("that nobody took are reset by Close, which frees the port", () => {
    const { pair, listener, come } = granted();
    const socket = come();
    listener.Close();
    listener.Close();
    flush();
    pair.Run();
    expect([listener.Phase(), listener.Failure(), listener.Pending()]).toEqual([
      ListenerPhase.CLOSED,
      SocketError.SUCCESS,
      0,
    ]);
    expect(socket.Phase()).toBe(SocketPhase.CLOSED);
    expect(kinds(pair.BridgeEvents)).toContain("unlistened");
    expect(asked).toEqual(["enter", "leave"]);
  });
});

describe("after the loss of its link", () => {
  test("it asks again, for the port that it had, and forgets who waited", () => {
    const { listener, come } = granted();
    come().End(SocketError.CONNECTION_RESET);
    listener.Ended(SocketError.CONNECTION_RESET);
    expect([listener.Phase(), listener.Local(), listener.Pending()]).toEqual([
      ListenerPhase.OPENING,
      null,
      0,
    ]);
    vi.runAllTimers();
    expect(asked).toEqual(["enter", "enter"]);
    listener.LinkFailed();
    expect(listener.Phase()).toBe(ListenerPhase.OPENING);
    const next = new MuxPair(2, 4);
    listener.Open(next.Page);
    next.Run();
    expect(next.BridgeEvents.at(-1)).toMatchObject({ Port: local.Port });
    listener.Granted(local);
    expect(listener.Phase()).toBe(ListenerPhase.LISTENING);
  });

  test("a port that the bridge has not freed yet is asked for again, for a while", () => {
    const { listener } = granted();
    listener.Ended(SocketError.CONNECTION_RESET);
    vi.runAllTimers();
    const tries = WebLimits.relistenForMs / WebLimits.relistenEveryMs;
    for (let i = 0; i < tries; i++) {
      listener.Ended(SocketError.ADDRESS_IN_USE);
      expect(listener.Phase()).toBe(ListenerPhase.OPENING);
      vi.advanceTimersByTime(WebLimits.relistenEveryMs);
      expect(asked).toHaveLength(i + 3);
    }
    listener.Ended(SocketError.ADDRESS_IN_USE);
    expect(listener.Failure()).toBe(SocketError.ADDRESS_IN_USE);
  });

  test("any other refusal ends it", () => {
    const { listener } = granted();
    listener.Ended(SocketError.CONNECTION_RESET);
    vi.runAllTimers();
    listener.Ended(SocketError.UNAVAILABLE);
    expect(listener.Failure()).toBe(SocketError.UNAVAILABLE);
  });

  test("Close asks no more", () => {
    const { listener } = granted();
    listener.Ended(SocketError.CONNECTION_RESET);
    listener.Close();
    vi.runAllTimers();
    expect(asked).toEqual(["enter", "leave"]);
  });
});

test("when the bridge goes, who waited by the old link can be taken, and grants nothing there", () => {
  const { pair, listener, come } = granted();
  const socket = come();
  const far = pair.Bridge.Accept(
    muxListenerOf(pair),
    socket.Inbound,
    socket.Outbound,
    local,
    remote,
  );
  pair.Run();
  const accepted = pair.PageEvents.at(-1);
  if (accepted?.Kind !== "accepted") throw new Error("Nothing came in.");
  socket.Accepted(pair.Page, accepted.Stream, local, remote);
  listener.Ended(SocketError.CONNECTION_CLOSED);
  vi.runAllTimers();
  expect([listener.Pending(), far.Id]).toEqual([1, 2 ** 31]);
  const next = new MuxPair(2, 4);
  listener.Open(next.Page);
  next.Run();
  listener.Granted(local);
  expect(listener.Take()).toBe(socket);
  flush();
  next.Collect();
  expect(next.ToBridge).toEqual([]);
});

/** The bridge's end of the latest LISTEN, granted. */
function muxListenerOf(pair: MuxPair) {
  const event = pair.BridgeEvents.findLast(({ Kind }) => Kind === "listen");
  if (event?.Kind !== "listen") throw new Error("Nobody asked for a port.");
  pair.Bridge.Listening(event.Listener, local);
  return event.Listener;
}
