/** The toolkit stands on core alone, so it works on any backend: here on a network in memory. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { MemoryBackend } from "../../../networking/backends/memory/MemoryBackend.ts";
import { MemoryNetwork } from "../../../networking/backends/memory/MemoryNetwork.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import type { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { UnsupportedProtocolError } from "../../../networking/toolkit/Errors.ts";
import { SendTcpMessage } from "../../../networking/toolkit/TcpClient.ts";
import { StartTcpServer } from "../../../networking/toolkit/TcpServer.ts";
import { Rejection } from "./Peers.ts";

const network = new MemoryNetwork();
const serverBackend = new MemoryBackend(network, { Name: "server" });
const backend = new MemoryBackend(network);
let time: NodeJS.Timeout;
let server: ConnectionServer;

beforeEach(async () => {
  time = setInterval(() => network.Advance(10), 1);
  server = await StartTcpServer(7_000, (data, _address, reply) => reply.Send(data), {
    backend: serverBackend,
  });
});

afterEach(async () => {
  await server.Close();
  clearInterval(time);
});

it("sends and answers", async () => {
  expect(await SendTcpMessage("server", 7_000, "over a wire of numbers", { backend })).toBe(
    "over a wire of numbers",
  );
  const refused = await Rejection(SendTcpMessage("server", 7_001, "x", { backend }));
  expect(refused.Code).toBe(SocketError.CONNECTION_REFUSED);
});

it("says that TLS is not to be had there", async () => {
  const tls = TLSOptions.ClientUnsafe();
  const error = await Rejection(SendTcpMessage("server", 7_000, "x", { backend, tls }));
  expect(error).toBeInstanceOf(UnsupportedProtocolError);
  expect(error.Code).toBe(SocketError.UNAVAILABLE);
  expect(error.message).toMatch(/^The TLS handshake with .*:7000 failed: the backend has no TLS.$/);
});
