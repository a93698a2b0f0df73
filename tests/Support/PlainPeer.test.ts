import { expect, test } from "vitest";
import { ConnectPlain, PlainServer } from "./PlainPeer.ts";
import { NextRun, WaitFor } from "./WaitFor.ts";

test.each([
  ["an end", 10, ""],
  ["an end", 0, ""],
  ["a reset", 10, "ECONNRESET"],
  ["a reset", 0, "ECONNRESET"],
])("%s behind %d bytes is not taken for the other", async (how, count, failure) => {
  const server = await PlainServer.Start("127.0.0.1", false);
  const client = ConnectPlain(server.Port);
  const peer = await server.Peer();
  client.Send(new Uint8Array(count));
  await WaitFor(() => client.Socket.writableLength === 0, "the bytes to be sent");
  if (how === "an end") client.Socket.end();
  else client.Socket.resetAndDestroy();
  await NextRun();
  peer.Read();
  await WaitFor(() => peer.Ended || peer.Failure !== "", "the end");
  expect([peer.Failure, peer.Ended]).toEqual([failure, failure === ""]);
  server.Stop();
  client.Socket.destroy();
});
