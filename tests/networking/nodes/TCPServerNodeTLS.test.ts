/** TCPServerNode and TCPClientNode with TLS: who becomes a peer, and what a flood can hold. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { TCPClientNode } from "../../../networking/nodes/TCPClientNode.ts";
import { TCPServerNode } from "../../../networking/nodes/TCPServerNode.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { Pattern, ReadAll, UseNetwork } from "../../Support/Network.ts";
import { UseStage } from "../../Support/Stage.ts";
import { ServerOptions, TrustingClient } from "../../Support/TlsPair.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const stage = UseStage();
const network = UseNetwork();
const { Ca, Client, OtherCa, Server } = Certificates();

/** A server node that keeps what its signals told. */
class DiaryServer extends TCPServerNode {
  readonly Diary: string[] = [];

  constructor(tls: TLSOptions) {
    super();
    this.BindAddress = "127.0.0.1";
    this.SocketOptions = { Backend: network.Backend };
    this.TLS = tls;
    this.PeerConnected.Connect((_peer, id) => this.Diary.push(`+${id}`));
    this.PeerDisconnected.Connect((id, reason) => this.Diary.push(`-${id} ${reason}`));
    this.DataReceived.Connect((peer, id) => {
      this.Diary.push(`data ${id} ${Buffer.from(ReadAll(peer)).toString()}`);
    });
    this.HandshakeFailed.Connect((code) => this.Diary.push(`failed ${code}`));
    this.ListenFailed.Connect((code) => this.Diary.push(`listen ${code}`));
  }
}

class DiaryClient extends TCPClientNode {
  readonly Diary: string[] = [];

  constructor(port: number, tls: TLSOptions | null = TrustingClient()) {
    super();
    this.Port = port;
    this.SocketOptions = { Backend: network.Backend };
    this.TLS = tls;
    this.Reconnect = false;
    this.Connected.Connect(() => this.Diary.push("connected"));
    this.ConnectFailed.Connect((code) => this.Diary.push(`failed ${code}`));
    this.Disconnected.Connect((reason) => this.Diary.push(`disconnected ${reason}`));
  }
}

function serve(tls = ServerOptions(), change = (_node: DiaryServer): void => {}): DiaryServer {
  const node = new DiaryServer(tls);
  change(node);
  return stage.Add(node);
}

function join(server: TCPServerNode, tls: TLSOptions | null = TrustingClient()): DiaryClient {
  return stage.Add(new DiaryClient(server.GetLocalPort(), tls));
}

/** Clients that connect and say nothing. */
async function silent(server: TCPServerNode, count: number): Promise<void> {
  const port = server.GetLocalPort();
  const plains = Array.from({ length: count }, () => network.PlainClient(port));
  await WaitFor(() => plains.every((plain) => !plain.Socket.connecting), "a silent flood");
}

describe("a client and a server", () => {
  test("meet when the handshake is done, and speak as without TLS", async () => {
    const server = serve();
    const client = join(server);
    expect(client.GetStatus()).toBe(Status.STATUS_CONNECTING);
    expect([client.GetPeer(), client.GetTLS()]).toEqual([null, null]);
    await stage.Until(() => client.IsConnected() && server.GetPeerCount() === 1, "the meeting");
    expect(client.Diary).toEqual(["connected"]);
    expect(client.GetTLS()?.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=server");
    expect(server.GetTLS(1)?.GetProtocol()).toBe("TLSv1.3");
    expect(server.GetPeer(1)).toBe(server.GetTLS(1)?.GetStream());
    client.GetPeer()?.PutData(Buffer.from("hello"));
    server.Broadcast(Pattern(3_000));
    await stage.Until(() => client.GetPeer()?.GetAvailableBytes() === 3_000, "the broadcast");
    client.Disconnect();
    await stage.Until(() => server.GetPeerCount() === 0, "the end");
    expect(server.Diary).toEqual(["+1", "data 1 hello", `-1 ${CloseReason.PEER}`]);
    expect([server.GetTLS(1), client.GetTLS()]).toEqual([null, null]);
  });

  test("know each other by certificates", async () => {
    const mutual = { ClientCA: Ca.Certificate, RequireClientCert: true };
    const server = serve(ServerOptions(Server, mutual));
    const { Certificate, PrivateKey } = Client;
    const known = join(server, TLSOptions.Client(Ca.Certificate, { Certificate, PrivateKey }));
    await stage.Until(() => server.GetPeerCount() === 1 && known.IsConnected(), "the meeting");
    expect(server.GetTLS(1)?.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=client");
    join(server, TrustingClient());
    await stage.Until(() => server.Diary.length === 2, "the refusal");
    expect(server.Diary).toEqual(["+1", `failed ${SocketError.TLS_FAILED}`]);
  });

  test("a server that the client does not trust is a failed attempt, tried again", async () => {
    const server = serve();
    const client = new DiaryClient(server.GetLocalPort(), TLSOptions.Client(OtherCa.Certificate));
    client.Reconnect = true;
    client.ReconnectMinDelay = 1;
    stage.Add(client);
    await stage.Until(() => client.Diary.length >= 2, "two attempts", 1);
    client.Disconnect();
    await stage.Until(() => server.GetPeerCount() === 0 && server.Diary.length >= 2, "their ends");
    expect(new Set(client.Diary)).toEqual(
      new Set([`failed ${SocketError.TLS_CERTIFICATE_INVALID}`]),
    );
    // The server is done first, so the client may be a peer for a moment; its end is no clean one.
    const reset = `failed ${SocketError.CONNECTION_RESET}`;
    const others = server.Diary.filter((line) => line !== reset && !/^[+]\d+$/.test(line));
    expect(others.filter((line) => !line.endsWith(` ${CloseReason.RESET}`))).toEqual([]);
  });

  test("another name in the certificate than in the address", async () => {
    const server = serve(ServerOptions(Certificates().WrongName));
    const client = join(server);
    await stage.Until(() => client.Diary.length === 1, "the failure");
    expect(client.Diary).toEqual([`failed ${SocketError.TLS_HOSTNAME_MISMATCH}`]);
    const named = new DiaryClient(server.GetLocalPort());
    named.TLSName = "other.example";
    stage.Add(named);
    await stage.Until(() => named.IsConnected(), "the meeting");
  });

  test("options that cannot be used are refused once", async () => {
    const server = serve();
    const client = new DiaryClient(server.GetLocalPort(), TLSOptions.Client("moon"));
    client.Reconnect = true;
    client.ReconnectMinDelay = 1;
    stage.Add(client);
    await stage.Until(() => client.Diary.length === 1 && server.Diary.length === 1, "both", 1);
    for (let i = 0; i < 20; i++) stage.Tick(1);
    expect(client.Diary).toEqual([`failed ${SocketError.TLS_CERTIFICATE_INVALID}`]);
    expect([client.GetStatus(), client.GetRetryDelay()]).toEqual([Status.STATUS_NONE, 0]);
  });
});

describe("a server", () => {
  test("does not listen with options that cannot serve", () => {
    const server = serve(TLSOptions.Server("moon", "moon"));
    expect(server.IsListening()).toBe(false);
    server.TLS = TrustingClient();
    expect(server.StartListening()).toBe(SocketError.INVALID_PARAMETER);
    expect(server.Diary).toEqual(["listen 26", "listen 17"]);
  });

  test("tells of a client that speaks no TLS, and no peer comes of it", async () => {
    const server = serve();
    const plain = network.PlainClient(server.GetLocalPort());
    plain.Send("GET / HTTP/1.1\r\n\r\n");
    await stage.Until(() => server.Diary.length > 0, "the failure");
    expect(server.Diary).toEqual([`failed ${SocketError.TLS_FAILED}`]);
    await WaitFor(() => plain.Closed || plain.Ended, "its end");
  });

  test("with new options serves new clients with them", async () => {
    const server = serve();
    const first = join(server);
    await stage.Until(() => first.IsConnected(), "the first");
    server.TLS = ServerOptions(Certificates().Stranger);
    const second = join(server, TLSOptions.Client(OtherCa.Certificate));
    await stage.Until(() => second.IsConnected() && server.GetPeerCount() === 2, "the second");
    expect(first.IsConnected()).toBe(true);
  });

  test("holds MaxHandshakes of a silent flood, and takes others when they are over", async () => {
    const hasty = ServerOptions(Server, { HandshakeTimeout: 300 });
    const server = serve(hasty, (node) => (node.MaxHandshakes = 2));
    await silent(server, 5);
    const client = join(server);
    await stage.Until(() => client.IsConnected(), "the client behind the flood");
    await stage.Until(() => server.GetPeerCount() === 1, "its peer");
    const failures = server.Diary.filter((line) => line === `failed ${SocketError.TIMED_OUT}`);
    expect(failures.length).toBeGreaterThanOrEqual(4);
  });

  test("counts handshakes as peers, so a flood never exceeds MaxConnections", async () => {
    const server = serve(ServerOptions(), (node) => (node.MaxConnections = 3));
    await silent(server, 3);
    const backend = network.Backend;
    await stage.Until(() => backend.HeldCount() >= 4, "three connections and the listener");
    const client = join(server);
    for (let i = 0; i < 50; i++) stage.Tick();
    expect([server.GetPeerCount(), client.IsConnected()]).toEqual([0, false]);
  });

  test("at its end ends handshakes as well", async () => {
    const server = serve();
    const plain = network.PlainClient(server.GetLocalPort());
    await WaitFor(() => network.Backend.HeldCount() >= 2, "the connection");
    stage.Tick();
    await server.Shutdown();
    await WaitFor(() => plain.Closed, "the reset");
    expect(server.Diary).toEqual([]);
  });
});
