import { describe, expect, test } from "vitest";
import { MemoryBackend } from "../../../networking/backends/memory/MemoryBackend.ts";
import { MemoryNetwork } from "../../../networking/backends/memory/MemoryNetwork.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import { PacketPeerStream } from "../../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { TCPServer } from "../../../networking/core/TCPServer.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { Pattern, Succeed, UseNetwork } from "../../Support/Network.ts";
import {
  ConnectTls,
  SecurePair,
  ServerOptions,
  TrustingClient,
  WaitTls,
} from "../../Support/TlsPair.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const { Ca, Server, Client } = Certificates();
const { STATUS_CONNECTED, STATUS_DISCONNECTED, STATUS_HANDSHAKING } = StreamPeerTLS;

describe("before a handshake", () => {
  test("the constants are Godot's", () => {
    expect([
      STATUS_DISCONNECTED,
      STATUS_HANDSHAKING,
      STATUS_CONNECTED,
      StreamPeerTLS.STATUS_ERROR,
      StreamPeerTLS.STATUS_ERROR_HOSTNAME_MISMATCH,
    ]).toEqual([0, 1, 2, 3, 4]);
  });

  test("there is nothing, and nothing can be done", async () => {
    const tls = new StreamPeerTLS();
    expect([tls.GetStatus(), tls.Poll(), tls.GetLastError()]).toEqual([0, 0, 0]);
    expect([tls.GetStream(), tls.GetPeerCertificate()]).toEqual([null, null]);
    expect([tls.GetProtocol(), tls.GetCipher(), tls.GetAlpnProtocol()]).toEqual(["", "", ""]);
    expect([tls.IsSessionReused(), tls.IsPeerFinished()]).toEqual([false, false]);
    expect(tls.PutData(Uint8Array.of(1))).toBe(SocketError.FAILED);
    expect(tls.PutPartialData(Uint8Array.of(1)).Result).toBe(SocketError.FAILED);
    expect(tls.GetData(new Uint8Array(1))).toBe(SocketError.FAILED);
    expect(tls.GetPartialData(new Uint8Array(1)).Result).toBe(SocketError.FAILED);
    expect([tls.GetAvailableBytes(), tls.GetOutboundBytes()]).toEqual([0, 0]);
    expect([tls.GetU8(), tls.GetString()]).toEqual([null, null]);
    expect(await tls.PutDataAsync(Uint8Array.of(1))).toBe(SocketError.FAILED);
    expect((await tls.GetDataAsync(1)).Result).toBe(SocketError.FAILED);
    expect(await tls.WaitStatus(STATUS_DISCONNECTED, 0)).toBe(SocketError.SUCCESS);
    expect(await tls.WaitStatus(STATUS_CONNECTED, 1_000)).toBe(SocketError.FAILED);
    expect(tls.Shutdown()).toBe(SocketError.FAILED);
    tls.DisconnectFromStream();
    tls.Abort();
    expect([tls.GetStatus(), tls.GetCloseReason()]).toEqual([0, CloseReason.NONE]);
  });

  test("wrong types throw", () => {
    const tls = new StreamPeerTLS();
    const tcp = network.Stream();
    const client = TLSOptions.Client();
    expect(() => tls.ConnectToStream({} as StreamPeerTCP, "a", client)).toThrow(TypeError);
    expect(() => tls.ConnectToStream(tcp, 5 as unknown as string, client)).toThrow(TypeError);
    expect(() => tls.ConnectToStream(tcp, "a", {} as TLSOptions)).toThrow(TypeError);
    expect(() => tls.AcceptStream(tcp, {} as TLSOptions)).toThrow(TypeError);
    expect(() => (tls.BlockingTimeout = -1)).toThrow(TypeError);
  });
});

describe("refused before a byte is sent", () => {
  test("on a stream that is not connected, or that has finished", async () => {
    const tls = new StreamPeerTLS();
    const client = TrustingClient();
    expect(tls.ConnectToStream(network.Stream(), "localhost", client)).toBe(SocketError.FAILED);
    const { Stream, Plain } = await network.Pair();
    Plain.Send("x");
    Plain.Socket.end();
    await WaitFor(() => {
      Stream.GetStatus();
      return Stream.IsPeerFinished();
    }, "the peer's end");
    expect(tls.ConnectToStream(Stream, "localhost", client)).toBe(SocketError.FAILED);
    const { Stream: half } = await network.Pair();
    Succeed(half.Shutdown());
    expect(tls.ConnectToStream(half, "localhost", client)).toBe(SocketError.FAILED);
    expect(tls.GetStatus()).toBe(STATUS_DISCONNECTED);
  });

  test("with options of the other role, with keys that are wrong, with no name", async () => {
    const { Stream, Plain } = await network.Pair();
    const tls = new StreamPeerTLS();
    const { INVALID_PARAMETER, TLS_CERTIFICATE_INVALID, TLS_FAILED } = SocketError;
    const connect = (options: TLSOptions, name = "localhost"): SocketError =>
      tls.ConnectToStream(Stream, name, options);
    expect(connect(ServerOptions())).toBe(INVALID_PARAMETER);
    expect(tls.AcceptStream(Stream, TrustingClient())).toBe(INVALID_PARAMETER);
    expect(connect(TLSOptions.Client("moon"))).toBe(TLS_CERTIFICATE_INVALID);
    expect(connect(TLSOptions.Client(null, { PrivateKey: Client.PrivateKey }))).toBe(
      INVALID_PARAMETER,
    );
    const { Certificate } = Client;
    const { PrivateKey } = Server;
    expect(connect(TLSOptions.Client(null, { Certificate, PrivateKey }))).toBe(TLS_FAILED);
    expect(connect(TrustingClient(), "")).toBe(INVALID_PARAMETER);
    expect(connect(TrustingClient(), "no name at all")).toBe(INVALID_PARAMETER);
    expect([tls.GetStatus(), tls.GetStream()]).toEqual([STATUS_DISCONNECTED, null]);
    Succeed(Stream.PutData(Uint8Array.of(7)));
    await Plain.WaitReceived(1);
    expect([...Plain.Received]).toEqual([7]);
  });

  test("twice", async () => {
    const { Stream } = await network.Pair();
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(Stream, "localhost", TrustingClient()));
    const again = (stream: StreamPeerTLS): SocketError =>
      stream.ConnectToStream(Stream, "localhost", TrustingClient());
    expect([again(tls), again(new StreamPeerTLS())]).toEqual([6, 6]);
  });

  test("where the backend has no TLS", async () => {
    const backend = new MemoryBackend(new MemoryNetwork());
    const server = new TCPServer({ Backend: backend });
    Succeed(server.Listen(1));
    const tcp = new StreamPeerTCP({ Backend: backend });
    Succeed(tcp.ConnectToHost("127.0.0.1", 1));
    backend.Block(() => tcp.Poll() === 0 && tcp.GetStatus() === Status.STATUS_CONNECTED, 1_000);
    const tls = new StreamPeerTLS();
    expect(tls.ConnectToStream(tcp, "far", TrustingClient())).toBe(SocketError.UNAVAILABLE);
    expect(tcp.GetStatus()).toBe(Status.STATUS_CONNECTED);
    tcp.Abort();
    server.Stop();
  });
});

describe("while handshaking", () => {
  test("neither stream takes or gives a byte, and what is asked for later comes", async () => {
    const { Stream, Plain } = await network.Pair();
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(Stream, "localhost", TrustingClient()));
    expect(tls.GetStatus()).toBe(STATUS_HANDSHAKING);
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    expect(tls.GetStream()).toBe(Stream);
    expect(tls.PutData(Uint8Array.of(1))).toBe(SocketError.FAILED);
    expect(Stream.PutData(Uint8Array.of(1))).toBe(SocketError.BUSY);
    expect(Stream.PutPartialData(Uint8Array.of(1)).BytesSent).toBe(0);
    Plain.Send("abc");
    expect(Stream.GetData(new Uint8Array(1))).toBe(SocketError.BUSY);
    expect(tls.GetAvailableBytes() + Stream.GetAvailableBytes()).toBe(0);
    expect([Stream.Shutdown(), tls.Shutdown()]).toEqual([1, 1]);
  });

  test("an abort leaves nothing behind, and no event comes later", async () => {
    const server = await network.PlainServer();
    const tls = await ConnectTls(network, server.Port, TrustingClient());
    const plain = await server.Peer();
    await WaitFor(() => plain.Received.length > 0, "the hello");
    const wait = tls.WaitStatus(STATUS_CONNECTED, 10_000);
    tls.Abort();
    expect(tls.GetStatus()).toBe(STATUS_DISCONNECTED);
    expect(await wait).toBe(SocketError.FAILED);
    await WaitFor(() => plain.Failure === "ECONNRESET", "the reset");
    await WaitFor(() => network.Backend.HeldCount() === 0, "everything to be given back");
    expect([tls.GetStatus(), tls.GetCloseReason()]).toEqual([0, CloseReason.LOCAL]);
  });

  test("a disconnect ends it at once", async () => {
    const server = await network.PlainServer();
    const tls = await ConnectTls(network, server.Port, TrustingClient());
    const plain = await server.Peer();
    await WaitFor(() => plain.Received.length > 0, "the hello");
    tls.DisconnectFromStream();
    expect(tls.GetStatus()).toBe(STATUS_DISCONNECTED);
    await WaitFor(() => plain.Ended || plain.Closed, "the end at the server");
  });

  test("a disconnect before it began still sends what was put", async () => {
    const { Stream, Plain } = await network.Pair({}, false);
    Succeed(Stream.PutData(Pattern(60_000)));
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(Stream, "localhost", TrustingClient()));
    tls.DisconnectFromStream();
    Plain.Read();
    await WaitFor(() => Plain.Ended, "the end");
    expect(Plain.Received.subarray(0, 60_000).equals(Pattern(60_000))).toBe(true);
  });
});

describe("connected", () => {
  test("both sides know what they agreed on, and who the other is", async () => {
    const certificate = { Certificate: Client.Certificate, PrivateKey: Client.PrivateKey };
    const pair = await SecurePair(
      network,
      TLSOptions.Client(Ca.Certificate, { ...certificate, AlpnProtocols: ["moon/2", "moon/1"] }),
      ServerOptions(Server, { ClientCA: Ca.Certificate, AlpnProtocols: ["moon/1"] }),
    );
    for (const stream of [pair.Client, pair.Server]) {
      expect(stream.GetProtocol()).toBe("TLSv1.3");
      expect(stream.GetCipher()).toMatch(/^TLS_AES/);
      expect(stream.GetAlpnProtocol()).toBe("moon/1");
    }
    const seen = pair.Client.GetPeerCertificate();
    expect(seen).toMatchObject({ Subject: "O=Moonwire, CN=server", Issuer: "O=Moonwire, CN=ca" });
    expect(seen?.SubjectAltName).toContain("DNS:localhost");
    expect(seen?.Fingerprint256).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    expect(seen?.ValidFrom.getTime()).toBeLessThanOrEqual(Date.now());
    expect(seen?.ValidTo.getTime()).toBeGreaterThan(Date.now());
    expect(pair.Server.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=client");
  });

  test("values go both ways, and packets", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    Succeed(client.PutString("moon"));
    Succeed(client.PutU32(7));
    await WaitFor(() => server.GetAvailableBytes() === 12, "the values");
    expect([server.GetString(), server.GetU32(), server.GetU8()]).toEqual(["moon", 7, null]);
    expect(server.GetLastError()).toBe(SocketError.BUSY);
    const [out, into] = [new PacketPeerStream(), new PacketPeerStream()];
    [out.StreamPeer, into.StreamPeer] = [server, client];
    Succeed(out.PutPacket(Pattern(5_000)));
    await WaitFor(() => into.GetAvailablePacketCount() === 1, "the packet");
    expect(into.GetPacket()).toEqual(Pattern(5_000));
    expect(NetStatistics.Of(server)).toMatchObject({ PacketsOut: 1, Opened: 1, ErrorCount: 0 });
    expect(NetStatistics.Of(client).PacketsIn).toBe(1);
    expect(NetStatistics.Of(server).BytesOut).toBe(NetStatistics.Of(client).BytesIn);
    expect(NetStatistics.Of(new StreamPeerTLS())).toEqual(new NetStatistics());
  });

  test("the stream underneath carries the same clear bytes", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    Succeed(client.GetStream()!.PutData(Uint8Array.of(1, 2)));
    expect((await server.GetStream()!.GetDataAsync(2)).Data).toEqual(Uint8Array.of(1, 2));
    expect(client.GetStream()!.GetConnectedPort()).toBe(server.GetStream()!.GetLocalPort());
  });

  test("calls that block wait for the handshake's bytes", async () => {
    const { Client: client, Server: server } = await SecurePair(network);
    server.BlockingTimeout = 5_000;
    expect(server.GetStream()!.BlockingTimeout).toBe(5_000);
    Succeed(client.PutData(Uint8Array.of(9)));
    expect(server.GetU8()).toBe(9);
    server.BlockingTimeout = 1;
    expect(server.GetU8()).toBeNull();
    expect(server.GetLastError()).toBe(SocketError.TIMED_OUT);
  });

  test("a session is resumed, with the same options alone", async () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const server = network.Listening();
      const accepting = ServerOptions();
      const client = TLSOptions.Client(Ca.Certificate, { MaxVersion: version });
      const meet = async (options: TLSOptions): Promise<boolean[]> => {
        const near = await ConnectTls(network, server.GetLocalPort(), options);
        const far = new StreamPeerTLS();
        Succeed(far.AcceptStream(await network.Take(server), accepting));
        await WaitTls(near, STATUS_CONNECTED);
        await WaitTls(far, STATUS_CONNECTED);
        Succeed(far.PutU8(1)); // in TLS 1.3 the tickets come before this
        await WaitFor(() => near.GetU8() === 1, "a byte");
        expect(near.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=server");
        return [near.IsSessionReused(), far.IsSessionReused()];
      };
      expect(await meet(client)).toEqual([false, false]);
      expect(await meet(client)).toEqual([true, true]);
      const other = TLSOptions.Client(Ca.Certificate, { MaxVersion: version });
      expect(await meet(other)).toEqual([false, false]);
    }
  });
});
