import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { PortInUseError } from "../../../networking/toolkit/Errors.ts";
import { ListenAt } from "../../../networking/toolkit/ListenAt.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { Rejection } from "./Peers.ts";

const home = "127.0.0.1";
const networks = [
  ["a thread of their own, whose answer is there at once", UseNetwork(true)],
  ["the caller's thread, whose answer comes later", UseNetwork(false)],
] as const;

describe.each(networks)("sockets on %s", (_where, { Backend }) => {
  it("listen when it resolves", async () => {
    const listener = await ListenAt(0, home, Backend, "Listening", undefined);
    expect(listener.IsListening()).toBe(true);
    expect(listener.GetLocalPort()).toBeGreaterThan(0);
    listener.Close();
  });

  it("find a port in use", async () => {
    const first = await ListenAt(0, home, Backend, "Listening", undefined);
    const second = ListenAt(first.GetLocalPort(), home, Backend, "Listening", undefined);
    expect(await Rejection(second)).toBeInstanceOf(PortInUseError);
    first.Close();
    const third = await ListenAt(first.GetLocalPort(), home, Backend, "Listening", undefined);
    third.Close();
  });

  it.each([
    [70_000, home, SocketError.INVALID_PARAMETER],
    [0, "192.0.2.1", SocketError.ADDRESS_NOT_AVAILABLE],
  ])("are refused port %i of %s", async (port, host, code) => {
    const asked = ListenAt(port, host, Backend, "Listening", undefined);
    expect((await Rejection(asked)).Code).toBe(code);
  });
});

it("a signal that aborts while the answer is under way ends the listen", async () => {
  const { Backend } = networks[1][1];
  const ending = new AbortController();
  const reason = new Error("enough");
  const asked = ListenAt(0, home, Backend, "Listening", ending.signal);
  ending.abort(reason);
  expect((await Rejection(asked)).cause).toBe(reason);
});
