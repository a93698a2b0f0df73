/** Bytes under TLS in quantity and in quirks: bounded memory, many at once, any split. */
import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { createServer } from "node:tls";
import { expect, test } from "vitest";
import { NodeBackend } from "../../../../networking/backends/node/NodeBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../../../../networking/core/StreamPeerTLS.ts";
import { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { TLSOptions } from "../../../../networking/core/TLSOptions.ts";
import { Certificates } from "../../../Support/Certificates.ts";
import { CompiledScript } from "../../../Support/CompiledScript.ts";
import { Pattern, Succeed, UseNetwork, WaitStatus } from "../../../Support/Network.ts";
import {
  ConnectTls,
  SecurePair,
  ServerOptions,
  TrustingClient,
  WaitTls,
} from "../../../Support/TlsPair.ts";
import { NextRun, WaitFor } from "../../../Support/WaitFor.ts";

const network = UseNetwork();
const { Ca, Server, Client } = Certificates();
const { STATUS_CONNECTED, STATUS_DISCONNECTED } = StreamPeerTLS;

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

test("a reader that does not read stops the sender, and gets it all later", async () => {
  const total = 64 * 2 ** 20;
  const piece = Buffer.from(Pattern(2 ** 16));
  let far: TLSSocket | null = null;
  const own = { cert: Server.Certificate, key: Server.PrivateKey };
  const server = createServer(own, (socket) => {
    far = socket;
    let left = total;
    const write = (): void => {
      while (left > 0) {
        left -= piece.length;
        if (!socket.write(piece)) return;
      }
      socket.end();
    };
    socket.on("drain", write);
    write();
  });
  network.Ending(() => server.close());
  server.listen(0, "127.0.0.1");
  await WaitFor(() => server.listening, "a listener");
  const { port } = server.address() as AddressInfo;
  const stream = await ConnectTls(network, port, TrustingClient());
  await WaitTls(stream, STATUS_CONNECTED);
  let seen = -1;
  let still = 0;
  await WaitFor(() => {
    const sent = far?.bytesWritten ?? 0;
    still = sent === seen ? still + 1 : 0;
    seen = sent;
    return still > 200 && stream.GetAvailableBytes() === 65_536;
  }, "the sender to be stopped, and the ring to be full");
  expect(seen).toBeLessThan(16 * 2 ** 20);
  const hash = createHash("sha256");
  const expected = createHash("sha256");
  for (let got = 0; got < total; got += piece.length) {
    hash.update((await stream.GetDataAsync(piece.length)).Data);
    expected.update(piece);
  }
  expect(hash.digest("hex")).toBe(expected.digest("hex"));
  await WaitTls(stream, STATUS_DISCONNECTED);
});

test.each([false, true])(
  "an end right behind a record that the ring has no room for waits its turn (own end first: %s)",
  async (ownEndFirst) => {
    const sizes = { InboundBufferSize: 1_000, OutboundBufferSize: 65_536 };
    const { Client: a, Server: b } = await SecurePair(network, undefined, undefined, sizes);
    if (ownEndFirst) b.Shutdown();
    const data = Pattern(40_000);
    Succeed(a.PutData(data));
    a.DisconnectFromStream();
    await WaitFor(() => b.GetAvailableBytes() === 1_000, "a full ring");
    const received: number[] = [];
    const buffer = new Uint8Array(700);
    await WaitFor(() => {
      const { Received } = b.GetPartialData(buffer);
      received.push(...buffer.subarray(0, Received));
      return b.GetStatus() === STATUS_DISCONNECTED;
    }, "the end");
    expect(Buffer.compare(Uint8Array.from(received), data)).toBe(0);
  },
);

test("puts and gets of any size, both ways at once, keep their bytes and their order", async () => {
  const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
  console.log(`TlsTransfer.test.ts: TEST_SEED=${seed}`);
  const next = random(seed);
  const sizes = { InboundBufferSize: 4_096, OutboundBufferSize: 2_048 };
  const { Client: a, Server: b } = await SecurePair(network, undefined, undefined, sizes);
  const total = 400_000;
  const data = Pattern(total);
  const flows = [
    { From: a, To: b, sent: 0, got: 0 },
    { From: b, To: a, sent: 0, got: 0 },
  ];
  const buffer = new Uint8Array(5_000);
  await WaitFor(() => {
    for (const flow of flows) {
      const size = 1 + Math.floor(next() ** 4 * 5_000);
      const end = Math.min(total, flow.sent + size);
      flow.sent += flow.From.PutPartialData(data.subarray(flow.sent, end)).BytesSent;
      const into = buffer.subarray(0, 1 + Math.floor(next() * 4_999));
      const { Received } = flow.To.GetPartialData(into);
      const came = Buffer.from(into.subarray(0, Received));
      if (!came.equals(data.subarray(flow.got, flow.got + Received))) {
        throw new Error(`Other bytes than were sent, after ${flow.got}.`);
      }
      flow.got += Received;
    }
    return flows.every((flow) => flow.got === total);
  }, "all bytes");
});

test("a hundred clients at once", async () => {
  const server = network.Listening();
  const options = TrustingClient();
  const accepting = ServerOptions();
  const streams: StreamPeerTLS[] = [];
  const connecting = Array.from({ length: 100 }, async (_, i) => {
    const stream = await ConnectTls(network, server.GetLocalPort(), options);
    streams.push(stream);
    await WaitTls(stream, STATUS_CONNECTED);
    Succeed(stream.PutU32(i));
    return stream;
  });
  const heard = new Set<number>();
  const accepted: StreamPeerTLS[] = [];
  await WaitFor(() => {
    const peer = server.TakeConnection();
    if (peer !== null) {
      network.Ending(() => peer.Abort());
      const tls = new StreamPeerTLS();
      Succeed(tls.AcceptStream(peer, accepting));
      accepted.push(tls);
    }
    for (const tls of accepted) {
      const value = tls.GetU32();
      if (value !== null) heard.add(value);
    }
    return heard.size === 100;
  }, "a word of each");
  await Promise.all(connecting);
});

test("a client that showed a certificate is known again when it resumes", async () => {
  const server = network.Listening();
  const settings = { ClientCA: Ca.Certificate, RequireClientCert: true };
  const accepting = ServerOptions(Server, settings);
  const { Certificate, PrivateKey } = Client;
  for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
    const options = TLSOptions.Client(Ca.Certificate, {
      Certificate,
      PrivateKey,
      MaxVersion: version,
    });
    for (const reused of [false, true]) {
      const near = await ConnectTls(network, server.GetLocalPort(), options);
      const far = new StreamPeerTLS();
      Succeed(far.AcceptStream(await network.Take(server), accepting));
      await WaitTls(far, STATUS_CONNECTED);
      expect(far.IsSessionReused()).toBe(reused);
      expect(far.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=client");
      Succeed(far.PutU8(1));
      await WaitFor(() => near.GetU8() === 1, "a byte, and the tickets before it");
    }
  }
});

test("options of the socket may change under TLS", async () => {
  const { Client: client, Server: server } = await SecurePair(network);
  client.GetStream()!.SetNoDelay(false);
  client.GetStream()!.SetKeepAlive(true);
  client.GetStream()!.SetNoDelay(true);
  Succeed(client.PutU8(3));
  await WaitFor(() => server.GetU8() === 3, "a byte");
});

test("without a thread of its own the backend does the same", async () => {
  const backend = new NodeBackend({ OwnThread: false });
  const server = new TCPServer({ Backend: backend });
  network.Ending(() => server.Stop());
  Succeed(server.Listen(0, "127.0.0.1"));
  await WaitFor(() => server.IsListening(), "the listener");
  const tcp = new StreamPeerTCP({ Backend: backend });
  network.Ending(() => tcp.Abort());
  Succeed(tcp.ConnectToHost("127.0.0.1", server.GetLocalPort()));
  await WaitStatus(tcp, Status.STATUS_CONNECTED);
  const [near, far] = [new StreamPeerTLS(), new StreamPeerTLS()];
  Succeed(near.ConnectToStream(tcp, "localhost", TrustingClient()));
  Succeed(far.AcceptStream(await network.Take(server), ServerOptions()));
  await WaitTls(near, STATUS_CONNECTED);
  await WaitTls(far, STATUS_CONNECTED);
  const [put, got] = [near.PutDataAsync(Pattern(200_000)), far.GetDataAsync(200_000)];
  expect(await put).toBe(SocketError.SUCCESS);
  expect(Buffer.compare((await got).Data, Pattern(200_000))).toBe(0);
  near.DisconnectFromStream();
  await WaitTls(far, STATUS_DISCONNECTED);
});

test("an abort at any moment of the handshake leaves nothing behind", async () => {
  const server = network.Listening();
  for (let turns = 0; turns < 12; turns++) {
    const tcp = network.Stream();
    Succeed(tcp.ConnectToHost("127.0.0.1", server.GetLocalPort()));
    const taken = await network.Take(server);
    await WaitStatus(tcp, Status.STATUS_CONNECTED);
    const [near, far] = [new StreamPeerTLS(), new StreamPeerTLS()];
    Succeed(near.ConnectToStream(tcp, "localhost", TrustingClient()));
    Succeed(far.AcceptStream(taken, ServerOptions()));
    for (let i = 0; i < turns; i++) await NextRun();
    near.Abort();
    const status = near.GetStatus();
    // A reset that meets the last message of the handshake may read as an end.
    await WaitFor(() => far.GetStatus() >= 3 || far.GetStatus() === 0, "the end");
    expect([status, near.GetStatus()]).toEqual([STATUS_DISCONNECTED, STATUS_DISCONNECTED]);
    far.Abort();
  }
  server.Stop();
  await WaitFor(() => network.Backend.HeldCount() === 0, "everything to be given back");
});

test("a process ends by itself after TLS, with what it put sent", async () => {
  const server = network.Listening();
  const script = new CompiledScript(
    `const tcp = new net.StreamPeerTCP();
     tcp.ConnectToHost("127.0.0.1", port);
     await tcp.WaitStatus(net.Status.STATUS_CONNECTED, 10_000);
     const tls = new net.StreamPeerTLS();
     tls.ConnectToStream(tcp, "localhost", net.TLSOptions.ClientUnsafe());
     await tls.WaitStatus(net.TLSStatus.STATUS_CONNECTED, 10_000);
     tls.PutData(new Uint8Array(60_000).fill(7));
     tls.DisconnectFromStream();`,
    server.GetLocalPort(),
  );
  network.Ending(() => script.Kill());
  const far = new StreamPeerTLS();
  Succeed(far.AcceptStream(await network.Take(server), ServerOptions()));
  const { Data } = await far.GetDataAsync(60_000);
  expect(Buffer.compare(Data, Buffer.alloc(60_000, 7))).toBe(0);
  far.DisconnectFromStream();
  await script.Exit();
  expect([script.ExitCode, script.Output]).toEqual([0, ""]);
});
