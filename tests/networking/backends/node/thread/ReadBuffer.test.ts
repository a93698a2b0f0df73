import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { connect, createServer } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import type { ReadSink } from "../../../../../networking/backends/node/thread/ReadBuffer.ts";
import { AdoptSecured } from "../../../../../networking/backends/node/thread/ReadBuffer.ts";
import { Certificates } from "../../../../Support/Certificates.ts";
import { Pattern } from "../../../../Support/Network.ts";
import { WaitFor } from "../../../../Support/WaitFor.ts";

/** Both ends of a TLS connection of Node's own; the first has read nothing yet. */
async function securedPair(): Promise<[TLSSocket, Socket]> {
  const { Certificate: cert, PrivateKey: key } = Certificates().Server;
  const server = createServer({ cert, key });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  const [[far]] = (await Promise.all([
    once(server, "secureConnection"),
    once(socket, "secureConnect"),
  ])) as [[Socket], unknown];
  server.close();
  onTestFinished(() => {
    socket.destroy();
    far.destroy();
  });
  return [socket, far];
}

/** Takes everything, and wants to pause from a number of bytes on. */
class Collecting implements ReadSink {
  Count = 0;
  PauseAt = Infinity;
  Buffers = 0;
  readonly #chunks: Uint8Array[] = [];

  NextBuffer(): null {
    this.Buffers++;
    return null;
  }

  Receive(bytes: Uint8Array, count: number): boolean {
    this.#chunks.push(bytes.slice(0, count));
    this.Count += count;
    return this.Count < this.PauseAt;
  }

  IsPattern(): boolean {
    return Buffer.compare(Buffer.concat(this.#chunks), Pattern(this.Count)) === 0;
  }
}

test.each(["read buffer", "data events"])("a TLS socket is read by way of %s", async (way) => {
  const [socket, far] = await securedPair();
  if (way === "data events") {
    // As in a Node that keeps it elsewhere.
    Object.assign((socket as unknown as { _handle: object })._handle, { useUserBuffer: undefined });
  }
  const early = new Promise<void>((resolve) => socket.once("readable", () => resolve()));
  far.write(Pattern(1_000));
  await early;
  const sink = new Collecting();
  AdoptSecured(socket, sink);
  far.write(Pattern(99_000, 1_000));
  await WaitFor(() => sink.Count === 100_000, "all bytes");
  if (way === "read buffer") expect(sink.Buffers).toBeGreaterThan(6);
  else expect(sink.Buffers).toBeLessThanOrEqual(1);

  sink.PauseAt = 120_000;
  far.write(Pattern(2_000_000, 100_000));
  await WaitFor(() => sink.Count >= 120_000, "the pause");
  await new Promise((resolve) => setImmediate(resolve));
  // What OpenSSL had in hand still comes, and no more.
  expect(sink.Count).toBeLessThan(200_000);
  sink.PauseAt = Infinity;
  const ended = once(socket, "end");
  socket.resume();
  far.end();
  await ended;
  expect([sink.Count, sink.IsPattern()]).toEqual([2_100_000, true]);
});
