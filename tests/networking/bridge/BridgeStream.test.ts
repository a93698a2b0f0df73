import { describe, expect, test, vi } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { BridgeStream } from "../../../networking/bridge/BridgeStream.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import { TargetDial } from "../../../networking/bridge/TargetDial.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketOption } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxPair, TakeAll } from "../mux/MuxPair.ts";
import { DialBackend, FakeSocket } from "./DialBackend.ts";

const address = new IpAddress("8.8.8.8");

/** A page's CONNECT and the bridge's stream for it; `target` is OPEN and not given to it yet. */
function make() {
  const pair = new MuxPair();
  const page = pair.Connect(1_024);
  const asked = pair.BridgeEvents.at(-1);
  if (asked?.Kind !== "connect") throw new Error("The page asked for nothing.");
  const target = new FakeSocket({ InboundBufferBytes: 512, OutboundBufferBytes: 512 });
  target.Succeed(address);
  const changed = vi.fn<() => void>();
  const place = { Host: "arena", Port: 80, RingBytes: 512 };
  const stream = new BridgeStream(pair.Bridge, asked.Stream, place, changed);
  return { pair, page, target, changed, stream };
}

/** The same, open on both ends. */
function open() {
  const made = make();
  made.stream.Open(made.target);
  made.pair.Run();
  made.changed.mockClear();
  return made;
}

describe("Open", () => {
  test("joins the target's rings to the stream, both ways", () => {
    const { pair, page, target, changed } = open();
    page.Out.Write(Uint8Array.of(1, 2));
    pair.Page.SourceChanged(page.Stream);
    pair.Run();
    expect([...TakeAll(target.Outbound)]).toEqual([1, 2]);
    target.Inbound.Write(Uint8Array.of(3));
    target.Notify();
    expect(changed).toHaveBeenCalledTimes(1);
    pair.Run();
    expect([...TakeAll(page.In)]).toEqual([3]);
  });

  test("tells the target what the page had said before: options, then its end", () => {
    const { stream, target } = make();
    stream.SetOption(SocketOption.NO_DELAY, true);
    stream.SetOption(SocketOption.NO_DELAY, false);
    stream.PeerFinished();
    expect(target.Told).toEqual([]);
    stream.Open(target);
    expect(target.Told).toEqual(["NO_DELAY false", "Finish"]);
  });

  test("sees what the target did before anybody listened", () => {
    const { pair, page, target, stream, changed } = make();
    target.Inbound.Write(Uint8Array.of(9));
    target.FinishPeer();
    stream.Open(target);
    expect(changed).toHaveBeenCalledTimes(1);
    pair.Run();
    expect([...TakeAll(page.In)]).toEqual([9]);
    expect(pair.PageEvents.at(-1)?.Kind).toBe("finished");
  });

  test("refuses a socket that lost its ends meanwhile", () => {
    const { pair, stream } = make();
    const lost = new FakeSocket({ InboundBufferBytes: 512, OutboundBufferBytes: 512 });
    stream.Open(lost);
    pair.Run();
    expect(lost.Aborted).toBe(true);
    const Code = SocketError.CONNECTION_RESET;
    expect(pair.PageEvents.at(-1)).toMatchObject({ Kind: "closed", Code });
  });
});

test("what the mux moved and what the page set is told to the target, while there is one", () => {
  const { stream, target } = make();
  stream.Received();
  stream.Sent();
  stream.Open(target);
  stream.Received();
  stream.Sent();
  stream.SetOption(SocketOption.KEEP_ALIVE, true);
  stream.PeerFinished();
  const told = ["OutboundChanged", "InboundChanged", "KEEP_ALIVE true", "Finish"];
  expect(target.Told).toEqual(told);
  stream.End(SocketError.SUCCESS, 1);
  stream.Received();
  stream.SetOption(SocketOption.KEEP_ALIVE, false);
  expect(target.Told).toEqual(told);
});

describe("the target's end", () => {
  test("comes after its last byte, and the other direction goes on", () => {
    const { pair, page, target } = open();
    target.Inbound.Write(Uint8Array.of(5));
    target.FinishPeer();
    target.Notify();
    pair.Run();
    expect([...TakeAll(page.In)]).toEqual([5]);
    const kinds = pair.PageEvents.map(({ Kind }) => Kind);
    expect(kinds.slice(-2)).toEqual(["received", "finished"]);
    expect(pair.Page.StreamCount()).toBe(1);
  });

  test.each([
    ["in the middle", false],
    ["after it had finished sending", true],
  ])("by a failure %s has the exact code, behind the last byte", (_name, finished) => {
    const { pair, page, target } = open();
    target.Inbound.Write(Uint8Array.of(5));
    if (finished) target.FinishPeer();
    target.Fail(SocketError.TIMED_OUT);
    pair.Run();
    expect([...TakeAll(page.In)]).toEqual([5]);
    const Code = SocketError.TIMED_OUT;
    expect(pair.PageEvents.at(-1)).toMatchObject({ Kind: "closed", Code });
  });

  test("in order, by both sides, is an orderly end at the page", () => {
    const { pair, page, target } = open();
    pair.Page.Finish(page.Stream);
    pair.Run();
    target.FinishPeer();
    target.Fail(SocketError.SUCCESS);
    pair.Run();
    const Code = SocketError.SUCCESS;
    expect(pair.PageEvents.at(-1)).toMatchObject({ Kind: "closed", Code });
  });
});

describe("End", () => {
  test("in order lets the target drain, for the given time", () => {
    const { stream, target } = open();
    stream.End(SocketError.SUCCESS, 25_000);
    expect([target.LingerMs, target.Aborted]).toEqual([25_000, false]);
  });

  test("by a failure resets the target", () => {
    const { stream, target } = open();
    stream.End(SocketError.CONNECTION_RESET, 25_000);
    expect([target.LingerMs, target.Aborted]).toEqual([null, true]);
  });

  test("lets go: what the target does afterwards is not heard", () => {
    const { stream, target, changed } = open();
    expect(target.IsHeard()).toBe(true);
    stream.End(SocketError.SUCCESS, 1);
    stream.End(SocketError.CONNECTION_RESET, 1);
    expect(target.IsHeard()).toBe(false);
    target.Fail(SocketError.CONNECTION_RESET);
    expect([changed.mock.calls.length, target.Aborted]).toEqual([0, false]);
  });

  test("calls off the deadline of a drain, and an attempt to connect", () => {
    const { stream } = make();
    const backend = new DialBackend();
    const destination = new Policy({ Allow: ["*:80"] }).Decide("8.8.8.8", 80);
    if (destination === null) throw new Error("The test's own policy refuses.");
    const done = vi.fn<() => void>();
    stream.Dial = new TargetDial(backend, BridgeLimits, destination, stream.RingBytes, done);
    const cancelDeadline = vi.fn<() => void>();
    stream.Drain(cancelDeadline);
    stream.End(SocketError.TIMED_OUT, 1);
    backend.Sockets[0]?.Succeed(address);
    expect([backend.Sockets[0]?.Aborted, done.mock.calls.length]).toEqual([true, 0]);
    expect(cancelDeadline).toHaveBeenCalledTimes(1);
  });
});
