import { expect, test } from "vitest";
import {
  DefaultBackend,
  InlineBackend,
  NodeBackend,
} from "../../../../networking/backends/node/index.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { UseNetwork } from "../../../Support/Network.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const network = UseNetwork();
const rings = { InboundBufferBytes: 256, OutboundBufferBytes: 256 };

test("a process has one backend unless it makes another", () => {
  expect(DefaultBackend()).toBe(DefaultBackend());
  expect(new NodeBackend()).not.toBe(DefaultBackend());
});

test("a process has one backend on its own thread, which cannot wait", () => {
  expect(InlineBackend()).toBe(InlineBackend());
  expect(InlineBackend()).not.toBe(DefaultBackend());
  expect(InlineBackend().Capabilities.Blocking).toBe(false);
  expect(DefaultBackend().Capabilities.Blocking).toBe(true);
});

test("the machine's own addresses are known, the loopback among them", () => {
  const addresses = network.Backend.LocalAddresses();
  expect(addresses.every((address) => address.IsValid())).toBe(true);
  expect(addresses.some((address) => address.IsLoopback())).toBe(true);
});

test("time goes forward, and a timer that was cancelled stays silent", async () => {
  const { Backend } = network;
  const before = Backend.Now();
  let fired = "";
  Backend.After(1, () => (fired += "a"))();
  Backend.After(2, () => (fired += "b"));
  await WaitFor(() => fired !== "", "a timer");
  expect(fired).toBe("b");
  expect(Backend.Now()).toBeGreaterThan(before);
});

test("a wait tests before its time has begun and after it is over", () => {
  const { Backend } = network;
  expect(Backend.Block(() => true, 0)).toBe(true);
  let tests = 0;
  expect(Backend.Block(() => ++tests > 1_000_000, 20)).toBe(false);
  expect(tests).toBeGreaterThan(1);
});

test("a socket that never connects holds nothing", () => {
  const held = network.Backend.HeldCount();
  const socket = network.Backend.OpenSocket(rings);
  expect(socket.Phase()).toBe(SocketPhase.IDLE);
  expect(network.Backend.HeldCount()).toBe(held);
  socket.Close(0);
});
