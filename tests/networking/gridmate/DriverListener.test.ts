import { afterEach, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import type { ListenOptions } from "../../../networking/core/NetBackend.ts";
import { ListenerPhase } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { DriverListener } from "../../../networking/gridmate/DriverListener.ts";
import type { LocalEnd } from "../../../networking/gridmate/LocalEnd.ts";
import { FamilyType, ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { World, port } from "../backends/memory/World.ts";

const log = CaptureNetLog();
let world = new World();
afterEach(() => {
  world.ExpectGivenBack();
  world = new World();
});

const everywhere: LocalEnd = { Family: FamilyType.BSD_AF_INET, Address: null, Port: port };

test("it starts, stops and starts again, and takes who comes", () => {
  const listener = new DriverListener({ Backend: world.Server });
  expect(listener.IsListening()).toBe(false);
  expect(listener.GetPort()).toBeNull();
  expect(listener.Take()).toBeNull();
  expect(listener.Stop()).toBe(ResultCode.EC_SOCKET_LISTEN);
  for (let round = 0; round < 2; round++) {
    expect(listener.Start(everywhere, 4)).toBe(ResultCode.EC_OK);
    expect(listener.Start(everywhere, 4)).toBe(ResultCode.EC_SOCKET_LISTEN);
    expect(listener.GetPort()).toBe(port);
    const client = world.Stream();
    client.ConnectToHost("server", port);
    world.Network.Advance(10);
    listener.Poll();
    expect(listener.IsListening()).toBe(true);
    const taken = listener.Take();
    expect(taken?.GetConnectedPort()).toBeGreaterThan(0);
    taken?.Abort();
    client.Abort();
    expect(listener.Stop()).toBe(ResultCode.EC_OK);
  }
});

test.each([
  [SocketError.ADDRESS_IN_USE, ResultCode.EC_SOCKET_BIND],
  [SocketError.ADDRESS_NOT_AVAILABLE, ResultCode.EC_SOCKET_BIND],
  [SocketError.PERMISSION_DENIED, ResultCode.EC_SOCKET_BIND],
  [SocketError.BIND_FAILED, ResultCode.EC_SOCKET_BIND],
  [SocketError.UNAVAILABLE, ResultCode.EC_SOCKET_LISTEN],
])("a refusal with %i is told as %i", (code, told) => {
  const backend = Object.create(world.Server) as typeof world.Server;
  backend.Listen = (options: ListenOptions) => {
    const listener = world.Server.Listen(options);
    listener.Close();
    listener.Phase = () => ListenerPhase.CLOSED;
    listener.Failure = () => code;
    return listener;
  };
  const listener = new DriverListener({ Backend: backend });
  expect(listener.Start(everywhere, 4)).toBe(told);
  expect(listener.IsListening()).toBe(false);
});

test("listening that ends by itself is logged, once", () => {
  let fail = (): void => undefined;
  const backend = Object.create(world.Server) as typeof world.Server;
  backend.Listen = (options: ListenOptions) => {
    const listener = world.Server.Listen(options);
    fail = () => void (listener.Failure = () => SocketError.POLICY_DENIED);
    return listener;
  };
  const listener = new DriverListener({ Backend: backend });
  const at = { ...everywhere, Address: new IpAddress("10.0.0.2") };
  expect(listener.Start(at, 4)).toBe(ResultCode.EC_OK);
  listener.Poll();
  expect(log).toEqual([]);
  fail();
  listener.Poll();
  listener.Poll();
  expect(log).toEqual(["error The driver listens no longer: POLICY_DENIED."]);
  expect(listener.Stop()).toBe(ResultCode.EC_SOCKET_LISTEN);
});
