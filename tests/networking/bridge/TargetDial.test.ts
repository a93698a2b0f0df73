import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import type { DialResult } from "../../../networking/bridge/TargetDial.ts";
import { TargetDial } from "../../../networking/bridge/TargetDial.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { DialBackend } from "./DialBackend.ts";

const policy = new Policy({ Allow: ["*:80", "10.0.0.0/8:80"] });
const [a, b] = [new IpAddress("8.8.8.8"), new IpAddress("1.1.1.1")];

function dial(host: string) {
  const backend = new DialBackend();
  const destination = policy.Decide(host, 80);
  if (destination === null) throw new Error("The test's own policy refuses.");
  const results: DialResult[] = [];
  const ringBytes = 4_096;
  const done = (result: DialResult): void => void results.push(result);
  const target = new TargetDial(backend, BridgeLimits, destination, ringBytes, done);
  const answer = (...addresses: IpAddress[]): void => {
    backend.Lookups[0]?.Record(addresses);
    backend.Lookups[0]?.Notify();
  };
  return { backend, results, target, answer };
}

test("an address is connected to as it is, without a lookup", () => {
  const { backend, results } = dial("8.8.8.8");
  expect(backend.Lookups).toHaveLength(0);
  const [socket] = backend.Sockets;
  expect(socket?.Target).toMatchObject({ Port: 80, TimeoutMs: BridgeLimits.connectTimeoutMs });
  expect([socket?.Inbound.Capacity, socket?.Outbound.Capacity]).toEqual([4_096, 4_096]);
  socket?.Succeed(a);
  expect(results).toEqual([socket]);
});

test("a name is looked up once, and only its allowed answers are tried, as literals", () => {
  const { backend, results, answer } = dial("rebound.example");
  answer(new IpAddress("127.0.0.1"), new IpAddress("169.254.169.254"), a, new IpAddress("::1"), b);
  backend.Sockets[0]?.Fail(SocketError.CONNECTION_REFUSED);
  backend.Sockets[1]?.Succeed(b);
  expect(backend.Lookups).toHaveLength(1);
  expect(backend.Sockets.map(({ Target }) => Target?.Host.toString())).toEqual([
    "8.8.8.8",
    "1.1.1.1",
  ]);
  expect(results).toEqual([backend.Sockets[1]]);
});

test("answers that are all forbidden are POLICY_DENIED, and nothing is connected to", () => {
  const { backend, results, answer } = dial("rebound.example");
  answer(new IpAddress("127.0.0.1"), new IpAddress("192.168.0.1"));
  expect([backend.Sockets.length, results]).toEqual([0, [SocketError.POLICY_DENIED]]);
});

test("a connection that ended up elsewhere is dropped", () => {
  const { backend, results } = dial("8.8.8.8");
  backend.Sockets[0]?.Succeed(b);
  expect([backend.Sockets[0]?.Aborted, results]).toEqual([true, [SocketError.POLICY_DENIED]]);
});

test("the last failure is told, and the time is shared by the addresses", () => {
  const { backend, results, answer } = dial("two.example");
  answer(a, b);
  expect(backend.Sockets[0]?.Target?.TimeoutMs).toBe(BridgeLimits.connectTimeoutMs / 2);
  backend.Sockets[0]?.Fail(SocketError.TIMED_OUT);
  backend.Sockets[1]?.Fail(SocketError.CONNECTION_REFUSED);
  expect(results).toEqual([SocketError.CONNECTION_REFUSED]);
});

test("no address is tried once the time is over", () => {
  const { backend, results, answer } = dial("two.example");
  answer(a, b);
  backend.TimeMs += BridgeLimits.connectTimeoutMs;
  backend.Sockets[0]?.Fail(SocketError.TIMED_OUT);
  expect([backend.Sockets.length, results]).toEqual([1, [SocketError.TIMED_OUT]]);
});

test("a name that is not found is CANT_RESOLVE, one that is not answered TIMED_OUT", () => {
  const first = dial("none.example");
  first.backend.Lookups[0]?.RecordFailure(SocketError.CANT_RESOLVE);
  first.backend.Lookups[0]?.Notify();
  expect(first.results).toEqual([SocketError.CANT_RESOLVE]);
  const second = dial("slow.example");
  expect(second.backend.Timers[0]?.DelayMs).toBe(BridgeLimits.lookupTimeoutMs);
  second.backend.Timers[0]?.Handler();
  second.answer(a);
  expect([second.results, second.backend.Sockets.length]).toEqual([[SocketError.TIMED_OUT], 0]);
});

test("after Cancel nothing is told, and the attempt is reset", () => {
  const { backend, results, target } = dial("8.8.8.8");
  target.Cancel();
  backend.Sockets[0]?.Succeed(a);
  expect([backend.Sockets[0]?.Aborted, results]).toEqual([true, []]);
  const named = dial("late.example");
  named.target.Cancel();
  named.answer(a);
  expect([named.backend.Sockets.length, named.results]).toEqual([0, []]);
});
