/** How a TLS stream ends, and the bytes next to its handshake: none is lost, none is taken twice. */
import { connect } from "node:net";
import { connect as connectSecure } from "node:tls";
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { StreamPeerTLS } from "../../../networking/core/StreamPeerTLS.ts";
import { TLSStatus } from "../../../networking/core/TLSStatus.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Pattern, Succeed, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import {
  BeginPair,
  PlainPair,
  SecurePair,
  ServerOptions,
  TrustingClient,
  WaitTls,
} from "../../Support/TlsPair.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const logged = CaptureNetLog();
const { STATUS_CONNECTED, STATUS_DISCONNECTED } = StreamPeerTLS;

describe("the end", () => {
  test("what was put arrives before it, on both sides", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    Succeed(client.PutData(Pattern(60_000)));
    client.DisconnectFromStream();
    expect(client.GetStatus()).toBe(STATUS_DISCONNECTED);
    expect(client.GetCloseReason()).toBe(CloseReason.LOCAL);
    expect((await server.GetDataAsync(60_000)).Data).toEqual(Pattern(60_000));
    await WaitTls(server, STATUS_DISCONNECTED);
    expect(server.GetCloseReason()).toBe(CloseReason.PEER);
    expect(server.GetPeerCertificate()).toBeNull();
  });

  test("after a half close the other direction goes on", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    Succeed(client.PutU8(1));
    Succeed(client.Shutdown());
    expect(client.PutU8(2)).toBe(SocketError.FAILED);
    await WaitFor(() => server.GetStatus() === 2 && server.IsPeerFinished(), "the half close");
    Succeed(server.PutData(Pattern(50_000)));
    server.DisconnectFromStream();
    expect((await client.GetDataAsync(50_000)).Data).toEqual(Pattern(50_000));
    await WaitTls(client, STATUS_DISCONNECTED);
  });

  test("a reset is an error, and what came before stays readable", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    Succeed(client.PutU8(5));
    await WaitFor(() => server.GetAvailableBytes() === 1, "a byte");
    client.Abort();
    await WaitFor(() => server.GetStatus() === TLSStatus.STATUS_ERROR, "the reset");
    expect(server.GetLastError()).toBe(SocketError.CONNECTION_RESET);
    expect(server.GetU8()).toBe(5);
    expect(server.PutU8(1)).toBe(SocketError.FAILED);
    server.DisconnectFromStream();
    expect(server.GetStatus()).toBe(STATUS_DISCONNECTED);
  });

  test("a reset right behind data is told as a reset, not as the end", async () => {
    const server = network.Listening();
    for (let i = 0; i < 10; i++) {
      const raw = connect(server.GetLocalPort(), "127.0.0.1");
      const far = connectSecure({ socket: raw, rejectUnauthorized: false });
      far.on("error", () => undefined);
      const stream = new StreamPeerTLS();
      Succeed(stream.AcceptStream(await network.Take(server), ServerOptions()));
      await WaitTls(stream, STATUS_CONNECTED);
      Succeed(stream.PutU8(1));
      await WaitFor(() => far.read() !== null, "a byte, and what TLS sends before it");
      far.write(Pattern(20_000), () => raw.resetAndDestroy());
      const { Result, Data } = await stream.GetDataAsync(20_001);
      expect([Result, stream.GetStatus()]).toEqual([SocketError.FAILED, TLSStatus.STATUS_ERROR]);
      expect(stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
      expect(Pattern(20_000).subarray(0, Data.length)).toEqual(Data);
    }
  });

  test("a broken protocol on top resets it", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    client.FailProtocol();
    expect(client.GetStatus()).toBe(TLSStatus.STATUS_ERROR);
    expect(client.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
    await WaitFor(() => server.GetStatus() === TLSStatus.STATUS_ERROR, "the reset");
  });

  test("both may be used again, and a plain connection never passes for a secure one", async () => {
    const pair = await SecurePair(network);
    const tcp = pair.Client.GetStream()!;
    pair.Client.DisconnectFromStream();
    const server = network.Listening();
    Succeed(tcp.ConnectToHost("127.0.0.1", server.GetLocalPort()));
    await WaitStatus(tcp, Status.STATUS_CONNECTED);
    expect(pair.Client.GetStatus()).toBe(STATUS_DISCONNECTED);
    expect(pair.Client.PutU8(1)).toBe(SocketError.FAILED);
    expect((await pair.Client.GetDataAsync(1)).Result).toBe(SocketError.FAILED);
    const far = new StreamPeerTLS();
    Succeed(far.AcceptStream(await network.Take(server), ServerOptions()));
    Succeed(pair.Client.ConnectToStream(tcp, "localhost", TrustingClient()));
    await WaitTls(pair.Client, STATUS_CONNECTED);
  });

  test("the network thread's death ends it, handshaking or not", async () => {
    const { Client: client } = await SecurePair(network);
    const half = await BeginPair(network, TrustingClient(), ServerOptions());
    const { Stream } = await network.Pair();
    const alone = new StreamPeerTLS();
    Succeed(alone.ConnectToStream(Stream, "localhost", TrustingClient()));
    await network.Backend.Terminate();
    for (const stream of [client, half.Client, half.Server, alone]) {
      await WaitFor(() => stream.GetStatus() === TLSStatus.STATUS_ERROR, "the death to be told");
      expect(stream.GetLastError()).toBe(SocketError.UNAVAILABLE);
    }
    await WaitFor(() => logged.length > 0, "a line about it");
  });
});

describe("bytes on the border", () => {
  test("a hello that came before AcceptStream is its beginning, read by nobody else", async () => {
    const { Client: near, Server: far } = await PlainPair(network);
    const [client, server] = [new StreamPeerTLS(), new StreamPeerTLS()];
    Succeed(client.ConnectToStream(near, "localhost", TrustingClient()));
    await WaitFor(() => {
      far.Poll();
      return far.GetAvailableBytes() > 200;
    }, "the hello");
    Succeed(server.AcceptStream(far, ServerOptions()));
    expect(far.GetAvailableBytes()).toBe(0);
    await WaitTls(server, STATUS_CONNECTED);
    await WaitTls(client, STATUS_CONNECTED);
  });

  test("plain bytes before it arrive as they are, and it begins behind them", async () => {
    const { Client: near, Server: far } = await PlainPair(network);
    Succeed(near.PutData(Pattern(30_000)));
    const client = new StreamPeerTLS();
    Succeed(client.ConnectToStream(near, "localhost", TrustingClient()));
    const plain = await far.GetDataAsync(30_000);
    expect(plain.Data).toEqual(Pattern(30_000));
    const server = new StreamPeerTLS();
    Succeed(server.AcceptStream(far, ServerOptions()));
    await WaitTls(server, STATUS_CONNECTED);
    await WaitTls(client, STATUS_CONNECTED);
  });

  test("a hello that filled a small ring to the brim", async () => {
    const small = { InboundBufferSize: 256, OutboundBufferSize: 256 };
    const { Client: near, Server: far } = await PlainPair(network, small);
    const [client, server] = [new StreamPeerTLS(), new StreamPeerTLS()];
    Succeed(client.ConnectToStream(near, "localhost", TrustingClient()));
    await WaitFor(() => {
      far.Poll();
      return far.GetAvailableBytes() === 256;
    }, "a full ring");
    Succeed(server.AcceptStream(far, ServerOptions()));
    await WaitTls(server, STATUS_CONNECTED);
    const [put, got] = [client.PutDataAsync(Pattern(5_000)), server.GetDataAsync(5_000)];
    expect([await put, (await got).Data]).toEqual([SocketError.SUCCESS, Pattern(5_000)]);
  });

  test("what is put in the moment of CONNECTED follows at once", async () => {
    const pair = await BeginPair(network, TrustingClient(), ServerOptions());
    await WaitTls(pair.Client, STATUS_CONNECTED);
    Succeed(pair.Client.PutData(Pattern(40_000)));
    expect((await pair.Server.GetDataAsync(40_000)).Data).toEqual(Pattern(40_000));
  });
});
