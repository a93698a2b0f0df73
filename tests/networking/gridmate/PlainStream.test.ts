import { afterEach, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { StreamPhase } from "../../../networking/gridmate/DriverStream.ts";
import { PlainStream } from "../../../networking/gridmate/PlainStream.ts";
import { World, port } from "../backends/memory/World.ts";

let world = new World();
afterEach(() => {
  world.ExpectGivenBack();
  world = new World();
});

test("it opens with its TCP stream, and ends with it in order", () => {
  const listener = world.Listening();
  const peer = world.Stream();
  peer.ConnectToHost("server", port);
  const stream = new PlainStream(peer);
  expect(stream.Poll()).toBe(StreamPhase.OPENING);
  const other = new PlainStream(world.Take(listener));
  expect(other.Poll()).toBe(StreamPhase.OPEN);
  world.Until(() => stream.Poll() === StreamPhase.OPEN, "a connection");
  stream.Bytes.PutData(Uint8Array.of(1));
  stream.Close();
  expect(stream.Poll()).toBe(StreamPhase.ENDED);
  world.Until(() => other.Poll() === StreamPhase.OPEN && other.IsPeerFinished(), "the FIN");
  expect(other.Bytes.GetU8()).toBe(1);
  expect(other.Poll()).toBe(StreamPhase.ENDED);
  expect(stream.Failure()).toBe(SocketError.SUCCESS);
  expect(other.Failure()).toBe(SocketError.SUCCESS);
  listener.Stop();
});

test("a failure has its reason, which a getter does not blur", () => {
  const peer = world.Stream();
  peer.ConnectToHost("server", port);
  const stream = new PlainStream(peer);
  world.Until(() => stream.Poll() === StreamPhase.ENDED, "an end");
  expect(stream.Bytes.GetU8()).toBeNull();
  expect(stream.Failure()).toBe(SocketError.CONNECTION_REFUSED);
  stream.Close();
});

test("a getter that found too little is no failure", () => {
  const { client, server } = world.Pair();
  const stream = new PlainStream(client);
  stream.Poll();
  expect(stream.Bytes.GetU8()).toBeNull();
  expect(stream.Failure()).toBe(SocketError.SUCCESS);
  stream.Close();
  server.Abort();
});
