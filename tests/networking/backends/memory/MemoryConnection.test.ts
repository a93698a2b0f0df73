import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { Pattern, ReadAll, StatusOf, World, port } from "./World.ts";

test("the client stands after one round trip, the server half a trip later", () => {
  const world = new World({ Link: { LatencyMs: 20 } });
  const server = world.Listening();
  const client = world.Stream();
  client.ConnectToHost("10.0.0.2", port);
  world.Network.Advance(39);
  expect(StatusOf(client)).toBe(Status.STATUS_CONNECTING);
  world.Network.Advance(1);
  expect(StatusOf(client)).toBe(Status.STATUS_CONNECTED);
  expect(server.IsConnectionAvailable()).toBe(false);
  client.PutData(Pattern(4));
  world.Network.Advance(20);
  expect(server.IsConnectionAvailable()).toBe(true);
  expect(ReadAll(world.Take(server))).toEqual(Pattern(4)); // never before the connection itself
});

test("a reset by the network ends both at once; what was received stays readable", () => {
  const world = new World();
  const { client, server } = world.Pair();
  client.PutData(Pattern(5));
  world.Network.Advance(10);
  client.PutData(Pattern(5));
  world.Network.Inject({ Kind: "reset" });
  for (const stream of [client, server]) {
    expect(StatusOf(stream)).toBe(Status.STATUS_ERROR);
    expect(stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
    expect(stream.GetCloseReason()).toBe(CloseReason.RESET);
  }
  expect(ReadAll(server)).toEqual(Pattern(5));
  world.ExpectGivenBack();
});

test("a cut in the middle of a handshake leaves nothing at the server", () => {
  const world = new World({ Link: { LatencyMs: 20 } });
  const server = world.Listening();
  const client = world.Stream();
  client.ConnectToHost("10.0.0.2", port);
  world.UntilStatus(client, Status.STATUS_CONNECTED);
  world.Network.Inject({ Kind: "cut", At: "10.0.0.2" });
  world.Network.Advance(1_000);
  expect(server.IsConnectionAvailable()).toBe(false);
  client.DisconnectFromHost();
  server.Stop();
  world.ExpectGivenBack();
});

test("faults at an address leave other machines alone", () => {
  const world = new World();
  const { client, server } = world.Pair();
  world.Network.Inject({ Kind: "reset", At: "10.0.0.77" });
  world.Network.Inject({ Kind: "cut", At: "10.0.0.77" });
  world.Network.Inject({ Kind: "stall", ForMs: 1_000, At: "10.0.0.77" });
  client.PutData(Pattern(5));
  world.Network.Advance(10);
  expect(ReadAll(server)).toEqual(Pattern(5));
});
