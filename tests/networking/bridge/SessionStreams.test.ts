import { describe, expect, test, vi } from "vitest";
import type { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import type { PolicyOptions } from "../../../networking/bridge/Policy.ts";
import type { StreamEvent } from "../../../networking/bridge/SessionStreams.ts";
import { SessionStreams } from "../../../networking/bridge/SessionStreams.ts";
import { WindowBudget } from "../../../networking/bridge/WindowBudget.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { WispVersion } from "../../../networking/mux/Handshake.ts";
import { SockOpt } from "../../../networking/mux/Packet.ts";
import { MuxPair, TakeAll } from "../mux/MuxPair.ts";
import { NewContext, silent } from "./Context.ts";
import { DialBackend } from "./DialBackend.ts";

const target: PolicyOptions = { Targets: ["arena=8.8.8.8:7350"] };

function start(limits: Partial<BridgeLimits> = {}, version: WispVersion = 2, policy = target) {
  const [backend, pair] = [new DialBackend(), new MuxPair(version)];
  const context = NewContext(backend, limits, policy);
  const windows = new WindowBudget(context.Limits, context.Memory, () => 0);
  const changed = vi.fn<() => void>();
  const streams = new SessionStreams(pair.Bridge, windows, context, silent, changed);
  let heard = 0;
  /** Lets both ends talk, and the streams hear what the mux says. */
  const run = (): void => {
    pair.Run();
    while (heard < pair.BridgeEvents.length) {
      const event = pair.BridgeEvents[heard++]!;
      if (event.Kind === "connect") streams.Connect(event);
      else if ("Stream" in event) streams.On(event as StreamEvent);
      pair.Run();
    }
  };
  const connect = () => {
    const page = pair.Connect(1_024);
    run();
    return page;
  };
  const codes = (): SocketError[] =>
    pair.PageEvents.flatMap((event) => (event.Kind === "closed" ? [event.Code] : []));
  return { backend, pair, context, changed, run, connect, codes };
}

describe("CONNECT", () => {
  test("is joined to its target, and given back at the end", () => {
    const { backend, pair, context, changed, run, connect } = start();
    const page = connect();
    backend.Sockets[0]!.Succeed(new IpAddress("8.8.8.8"));
    expect(changed).toHaveBeenCalled();
    run();
    page.Out.Write(Uint8Array.of(1, 2));
    pair.Page.SourceChanged(page.Stream);
    pair.Page.SetOption(page.Stream, SockOpt.KEEP_ALIVE, true);
    run();
    expect([...TakeAll(backend.Sockets[0]!.Outbound)]).toEqual([1, 2]);
    expect(backend.Sockets[0]!.Told).toContain("KEEP_ALIVE true");
    expect([context.Counters.Streams, context.Memory.UsedBytes() > 0]).toEqual([1, true]);
    pair.Page.Finish(page.Stream);
    run();
    expect(backend.Sockets[0]!.Told).toContain("Finish");
    pair.Page.Close(page.Stream, SocketError.SUCCESS);
    run();
    expect(backend.Sockets[0]!.LingerMs).toBe(context.Limits.drainTimeoutMs);
    expect([context.Counters.Streams, context.Memory.UsedBytes()]).toEqual([0, 0]);
  });

  test("that fails says why", () => {
    const { backend, run, connect, codes } = start();
    connect();
    backend.Sockets[0]!.Fail(SocketError.CONNECTION_REFUSED);
    run();
    expect(codes()).toEqual([SocketError.CONNECTION_REFUSED]);
  });

  test.each<[string, Partial<BridgeLimits>, PolicyOptions, SocketError]>([
    ["over the rate", { connectsBurst: 0 }, target, SocketError.LIMIT_REACHED],
    ["over the streams", { maxStreams: 0 }, target, SocketError.LIMIT_REACHED],
    ["over the memory", { processWindowBytes: 1 }, target, SocketError.LIMIT_REACHED],
    ["to nowhere that is allowed", {}, {}, SocketError.POLICY_DENIED],
  ])("%s is refused, and nothing is kept", (_name, limits, policy, code) => {
    const { backend, context, connect, codes } = start(limits, 2, policy);
    connect();
    expect(codes()).toEqual([code]);
    expect([backend.Sockets.length, context.Counters.Streams]).toEqual([0, 0]);
    expect(context.Counters.Refusals().get(code)).toBe(1);
  });
});

test("a plain client's bytes have so long to reach their target after its CLOSE", () => {
  const { backend, pair, context, run, connect } = start({ streamWindowBytes: 16_384 }, 1);
  const page = connect();
  backend.Sockets[0]!.Succeed(new IpAddress("8.8.8.8"));
  run();
  for (let sent = 0; sent < 20_000; sent += 1_000) {
    page.Out.Write(new Uint8Array(1_000));
    pair.Page.SourceChanged(page.Stream);
    run();
  }
  pair.Page.Close(page.Stream, SocketError.SUCCESS);
  run();
  const [deadline] = backend.Timers;
  expect(deadline!.DelayMs).toBe(context.Limits.drainTimeoutMs);
  deadline!.Handler();
  run();
  expect([backend.Sockets[0]!.Aborted, context.Counters.Streams]).toEqual([true, 0]);
});
