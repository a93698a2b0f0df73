import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BridgedListener } from "../../../../networking/backends/web/BridgedListener.ts";
import { BridgedLookup } from "../../../../networking/backends/web/BridgedLookup.ts";
import { BridgedSocket } from "../../../../networking/backends/web/BridgedSocket.ts";
import { LinkTraffic } from "../../../../networking/backends/web/LinkTraffic.ts";
import { ByteRing } from "../../../../networking/core/ByteRing.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { ListenerPhase, SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import type { WispVersion } from "../../../../networking/mux/Handshake.ts";
import { MuxLimits } from "../../../../networking/mux/MuxLimits.ts";
import { MuxPair, TakeAll, local, remote } from "../../mux/MuxPair.ts";

const sizes = { InboundBufferBytes: 512, OutboundBufferBytes: 512 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(version: WispVersion = 2, maxListeners = 4) {
  const pair = new MuxPair(version, maxListeners);
  const traffic = new LinkTraffic(pair.Page);
  const dirty = new Set<{ Flush(): void }>();
  let heard = 0;
  /** Lets both ends talk, and the traffic hear. */
  const run = (): void => {
    for (const one of dirty) one.Flush();
    dirty.clear();
    pair.Run();
    while (heard < pair.PageEvents.length) traffic.OnMux(pair.PageEvents[heard++]!);
  };
  const NewSocket = (): BridgedSocket =>
    new BridgedSocket(
      { Enter: () => undefined, Leave: () => undefined, MarkDirty: (one) => void dirty.add(one) },
      sizes,
    );
  const connect = (): BridgedSocket => {
    const socket = NewSocket();
    socket.Connect({ Host: "arena", Port: 7_350, TimeoutMs: 60_000, Source: null });
    traffic.Connect(socket);
    run();
    return socket;
  };
  const listen = (): BridgedListener => {
    const listener = new BridgedListener(
      {
        Enter: () => undefined,
        Leave: () => undefined,
        NewSocket,
        MarkDirty: (one) => void dirty.add(one),
      },
      { ...sizes, Address: new IpAddress("*"), Port: 0, Backlog: 2 },
    );
    traffic.Listen(listener);
    run();
    return listener;
  };
  return { pair, traffic, run, connect, listen };
}

describe("a socket", () => {
  test("opens, moves bytes and ends by its stream", () => {
    const { pair, run, connect } = start();
    const socket = connect();
    const far = pair.Answer(512);
    run();
    expect([socket.Phase(), socket.Remote()]).toEqual([SocketPhase.OPEN, remote]);
    far.Out.Write(Uint8Array.of(7));
    pair.Bridge.SourceChanged(far.Stream);
    pair.Bridge.Finish(far.Stream);
    run();
    expect([socket.PeerFinished(), [...TakeAll(socket.Inbound)]]).toEqual([true, [7]]);
    pair.Bridge.Abort(far.Stream, SocketError.CONNECTION_RESET);
    run();
    expect(socket.Failure()).toBe(SocketError.CONNECTION_RESET);
  });

  test("of a plain server is open without its word", () => {
    const { connect } = start(1);
    expect(connect().Phase()).toBe(SocketPhase.OPEN);
  });

  test("too many are LIMIT_REACHED", () => {
    const { connect } = start();
    for (let i = 0; i < MuxLimits.maxStreams; i++) connect();
    const more = connect();
    expect(more.Failure()).toBe(SocketError.LIMIT_REACHED);
  });
});

describe("a lookup", () => {
  test("is answered, or ends with the link", () => {
    const { pair, traffic, run } = start();
    const [one, two] = [new BridgedLookup("a.example", 0), new BridgedLookup("b.example", 0)];
    traffic.Resolve(one);
    traffic.Resolve(two);
    run();
    const [asked] = pair.BridgeEvents.flatMap((event) => (event.Kind === "resolve" ? [event] : []));
    pair.Bridge.Resolved(asked!.Id, SocketError.SUCCESS, 60, [remote.Address]);
    run();
    expect([one.Failure(), one.Addresses()]).toEqual([SocketError.SUCCESS, [remote.Address]]);
    traffic.End();
    expect(two.Failure()).toBe(SocketError.CONNECTION_RESET);
  });

  test("of a plain server is UNAVAILABLE, too many are LIMIT_REACHED", () => {
    const plain = new BridgedLookup("a.example", 0);
    start(1).traffic.Resolve(plain);
    expect(plain.Failure()).toBe(SocketError.UNAVAILABLE);
    const { traffic } = start();
    const all = Array.from({ length: MuxLimits.maxLookups + 1 }, () => new BridgedLookup("a", 0));
    for (const lookup of all) traffic.Resolve(lookup);
    expect(all.filter((lookup) => lookup.Done()).map((lookup) => lookup.Failure())).toEqual([
      SocketError.LIMIT_REACHED,
    ]);
  });
});

describe("a listener", () => {
  test("is granted, gets what comes in, and hears its end", () => {
    const { pair, run, listen } = start();
    const listener = listen();
    const asked = pair.BridgeEvents.at(-1);
    if (asked?.Kind !== "listen") throw new Error("Nobody asked for a port.");
    pair.Bridge.Listening(asked.Listener, local);
    run();
    expect(listener.Local()).toEqual(local);
    const far = { Out: ByteRing.Create(512), In: ByteRing.Create(512) };
    const stream = pair.Bridge.Accept(asked.Listener, far.Out, far.In, local, remote);
    run();
    const taken = listener.Take()!;
    expect([taken.Phase(), taken.Local(), taken.Remote()]).toEqual([
      SocketPhase.OPEN,
      local,
      remote,
    ]);
    taken.Outbound.Write(Uint8Array.of(1, 2));
    taken.OutboundChanged();
    far.Out.Write(Uint8Array.of(3));
    pair.Bridge.SourceChanged(stream);
    run();
    expect([[...TakeAll(far.In)], [...TakeAll(taken.Inbound)]]).toEqual([[1, 2], [3]]);
    pair.Bridge.Unlisten(asked.Listener, SocketError.UNAVAILABLE);
    run();
    expect([listener.Phase(), listener.Failure()]).toEqual([
      ListenerPhase.CLOSED,
      SocketError.UNAVAILABLE,
    ]);
    expect(taken.Phase()).toBe(SocketPhase.OPEN);
  });

  test("what comes in for one that is closed is reset", () => {
    const { pair, traffic, run, listen } = start();
    listen();
    const asked = pair.BridgeEvents.at(-1);
    if (asked?.Kind !== "listen") throw new Error("Nobody asked for a port.");
    pair.Bridge.Listening(asked.Listener, local);
    run();
    const far = { Out: ByteRing.Create(512), In: ByteRing.Create(512) };
    pair.Bridge.Accept(asked.Listener, far.Out, far.In, local, remote);
    pair.Run();
    const accepted = pair.PageEvents.at(-1)!;
    traffic.OnMux({ ...accepted, Listener: {} } as never);
    pair.Run();
    expect(pair.BridgeEvents.at(-1)).toMatchObject({
      Kind: "closed",
      Code: SocketError.CONNECTION_RESET,
    });
  });

  test("without the bridge's offer is UNAVAILABLE, too many are LIMIT_REACHED", () => {
    expect(start(2, 0).listen().Failure()).toBe(SocketError.UNAVAILABLE);
    const { listen } = start(2, 1);
    expect(listen().Phase()).toBe(ListenerPhase.OPENING);
    expect(listen().Failure()).toBe(SocketError.LIMIT_REACHED);
  });
});
