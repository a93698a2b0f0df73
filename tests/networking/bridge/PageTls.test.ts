/** TLS of a page's streams: the bridge speaks it to the target and verifies it. */
import { createServer as createPlainServer } from "node:net";
import { createServer } from "node:tls";
import type { TLSSocket, TlsOptions } from "node:tls";
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { StreamPeerTLS } from "../../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { TLSStatus } from "../../../networking/core/TLSStatus.ts";
import type { Certified } from "../../Support/Certificates.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { Pattern, Succeed, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import { FailureOf, WaitTls } from "../../Support/TlsPair.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { ListenAt } from "./ListenAt.ts";
import type { TestBridge } from "./UseBridge.ts";
import { StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const { Ca, Server, WrongName, Expired, Stranger, Client } = Certificates();

/** A TLS server beside the bridge. @returns its port */
async function target(
  own: Certified = Server,
  more: TlsOptions = {},
  serve = (socket: TLSSocket): unknown => socket.pipe(socket),
): Promise<number> {
  const keys = { key: own.PrivateKey, cert: own.Certificate };
  const server = createServer({ ...keys, ...more }, (socket) => {
    socket.on("error", () => undefined);
    serve(socket);
  });
  server.on("tlsClientError", () => undefined);
  return ListenAt(network, server);
}

function trusting(): Promise<TestBridge> {
  return StartBridge(network, { Dev: true, TargetAuthorities: Ca.Certificate });
}

/** A page's handshake with a target, by way of the bridge. */
async function begin(
  bridge: TestBridge,
  port: number,
  options = TLSOptions.Client(),
  name = "localhost",
): Promise<StreamPeerTLS> {
  const tcp = bridge.PageStream();
  Succeed(tcp.ConnectToHost("127.0.0.1", port));
  await WaitStatus(tcp, Status.STATUS_CONNECTED);
  const tls = new StreamPeerTLS();
  Succeed(tls.ConnectToStream(tcp, name, options));
  expect(tls.GetStatus()).toBe(TLSStatus.STATUS_HANDSHAKING);
  return tls;
}

describe("a handshake that succeeds", () => {
  test("carries bytes both ways, in order, and both ends", async () => {
    const tls = await begin(await trusting(), await target());
    await WaitTls(tls, TLSStatus.STATUS_CONNECTED);
    const bytes = Pattern(1_000_000);
    const [sent, got] = await Promise.all([tls.PutDataAsync(bytes), tls.GetDataAsync(1_000_000)]);
    expect(sent).toBe(SocketError.SUCCESS);
    expect(Buffer.compare(got.Data, bytes)).toBe(0);
    tls.Shutdown();
    await WaitTls(tls, TLSStatus.STATUS_DISCONNECTED);
    expect(tls.GetCloseReason()).toBe(CloseReason.PEER);
  });

  test("tells the page what the bridge learnt of the target", async () => {
    const port = await target(Server, { ALPNProtocols: ["moon/1"] });
    const options = TLSOptions.Client(null, { AlpnProtocols: ["moon/2", "moon/1"] });
    const tls = await begin(await trusting(), port, options);
    await WaitTls(tls, TLSStatus.STATUS_CONNECTED);
    expect(tls.GetAlpnProtocol()).toBe("moon/1");
    expect([tls.GetProtocol(), tls.GetCipher()]).toEqual(["TLSv1.3", "TLS_AES_256_GCM_SHA384"]);
    const certificate = tls.GetPeerCertificate();
    expect(certificate?.SubjectAltName).toContain("DNS:localhost");
    expect(certificate?.ValidTo.getTime()).toBeGreaterThan(Date.now());
  });

  test("goes after what was put in plain text", async () => {
    const first = Buffer.from("STARTTLS\n");
    const server = createPlainServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", (bytes) => {
        expect(bytes.subarray(0, first.length)).toEqual(first);
        // On a busy machine the handshake's beginning comes in the same read.
        socket.pause();
        socket.unshift(bytes.subarray(first.length));
        inner.emit("connection", socket);
      });
    });
    const inner = createServer({ key: Server.PrivateKey, cert: Server.Certificate }, (socket) =>
      socket.end("secret"),
    );
    const tcp = (await trusting()).PageStream();
    Succeed(tcp.ConnectToHost("127.0.0.1", await ListenAt(network, server)));
    await WaitStatus(tcp, Status.STATUS_CONNECTED);
    Succeed(tcp.PutData(first));
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(tcp, "localhost", TLSOptions.Client()));
    const { Data } = await tls.GetDataAsync(6);
    expect(Buffer.from(Data).toString()).toBe("secret");
  });

  test("without verification takes any certificate", async () => {
    const options = TLSOptions.ClientUnsafe();
    const tls = await begin(await StartBridge(network), await target(Stranger), options, "");
    await WaitTls(tls, TLSStatus.STATUS_CONNECTED);
  });
});

describe("a handshake that fails", () => {
  test.each([
    ["expired", Expired, SocketError.TLS_CERTIFICATE_INVALID],
    ["an unknown authority's", Stranger, SocketError.TLS_CERTIFICATE_INVALID],
    ["for another name", WrongName, SocketError.TLS_HOSTNAME_MISMATCH],
  ])("a certificate that is %s", async (_what, own, code) => {
    const tls = await begin(await trusting(), await target(own));
    expect(await FailureOf(tls)).toBe(code);
    const mismatch = code === SocketError.TLS_HOSTNAME_MISMATCH;
    expect(tls.GetStatus() === TLSStatus.STATUS_ERROR_HOSTNAME_MISMATCH).toBe(mismatch);
  });

  test("the system's authorities alone do not vouch for the tests' one", async () => {
    const tls = await begin(await StartBridge(network), await target());
    expect(await FailureOf(tls)).toBe(SocketError.TLS_CERTIFICATE_INVALID);
  });

  test("a target that speaks no TLS", async () => {
    const server = createPlainServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    });
    const tls = await begin(await trusting(), await ListenAt(network, server));
    expect(await FailureOf(tls)).toBe(SocketError.TLS_FAILED);
  });

  test("a target that spoke first, in plain text", async () => {
    const server = createPlainServer((socket) => {
      socket.on("error", () => undefined);
      socket.write("220 welcome\r\n");
    });
    const tcp = (await trusting()).PageStream();
    Succeed(tcp.ConnectToHost("127.0.0.1", await ListenAt(network, server)));
    await WaitFor(() => tcp.GetAvailableBytes() > 0 || tcp.Poll() !== 0, "the greeting");
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(tcp, "localhost", TLSOptions.Client()));
    expect(await FailureOf(tls)).toBe(SocketError.TLS_FAILED);
  });

  test("a silent target, when the page's time is up", async () => {
    const server = createPlainServer((socket) => socket.on("error", () => undefined).resume());
    const options = TLSOptions.Client(null, { HandshakeTimeout: 200 });
    const tls = await begin(await trusting(), await ListenAt(network, server), options);
    expect(await FailureOf(tls)).toBe(SocketError.TIMED_OUT);
  });

  test("one that the page gives up has no late event", async () => {
    const tls = await begin(await trusting(), await target());
    tls.Abort();
    expect(tls.GetStatus()).toBe(TLSStatus.STATUS_DISCONNECTED);
    expect(tls.GetPeerCertificate()).toBeNull();
  });
});

describe("what a page cannot do", () => {
  test.each([
    ["authorities of its own", TLSOptions.Client(Ca.Certificate)],
    ["a certificate of its own", TLSOptions.Client(null, Client)],
  ])("bring %s", async (_what, options) => {
    const tcp = (await trusting()).PageStream();
    Succeed(tcp.ConnectToHost("127.0.0.1", await target()));
    await WaitStatus(tcp, Status.STATUS_CONNECTED);
    const code = new StreamPeerTLS().ConnectToStream(tcp, "localhost", options);
    expect(code).toBe(SocketError.UNAVAILABLE);
    expect(tcp.GetStatus()).toBe(Status.STATUS_CONNECTED);
  });

  test("be the server", async () => {
    const tcp = (await trusting()).PageStream();
    Succeed(tcp.ConnectToHost("127.0.0.1", await target()));
    await WaitStatus(tcp, Status.STATUS_CONNECTED);
    const options = TLSOptions.Server(Server.PrivateKey, Server.Certificate);
    expect(new StreamPeerTLS().AcceptStream(tcp, options)).toBe(SocketError.UNAVAILABLE);
  });
});
