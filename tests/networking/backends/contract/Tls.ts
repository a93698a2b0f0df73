/** Contract: TLS as a client. The handshake takes its time, and the bytes come after it only. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTLS } from "../../../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../../../networking/core/TLSOptions.ts";
import { TLSStatus } from "../../../../networking/core/TLSStatus.ts";
import { ExpectBytes, Pattern, Succeed, smallRings } from "./Bytes.ts";
import type { FarCertificate, FarPeer } from "./Harness.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, FAILED, ALREADY_INIT, INVALID_PARAMETER } = SocketError;
const { TLS_CERTIFICATE_INVALID, TLS_HOSTNAME_MISMATCH, TLS_FAILED } = SocketError;
const name = "localhost";

const untrusted: [FarCertificate, SocketError, TLSStatus][] = [
  ["Stranger", TLS_CERTIFICATE_INVALID, TLSStatus.STATUS_ERROR],
  ["Expired", TLS_CERTIFICATE_INVALID, TLSStatus.STATUS_ERROR],
  ["WrongName", TLS_HOSTNAME_MISMATCH, TLSStatus.STATUS_ERROR_HOSTNAME_MISMATCH],
];

const endings = [SocketError.CONNECTION_CLOSED, SocketError.CONNECTION_RESET];
/** What a server that speaks no TLS does when it hears the client, and the codes for that. */
const mutes: [string, SocketError[], (far: FarPeer) => void][] = [
  ["answers in clear", [TLS_FAILED], (far) => far.Send(Pattern(100, 48))],
  ["finishes", endings, (far) => far.Finish()],
  ["resets", endings, (far) => far.Reset()],
];

export function TlsCases(scene: Scene): void {
  const { Harness } = scene;

  /** A handshake that has begun. */
  async function begin(
    port: number,
    options = Harness.TlsClient?.(),
    buffers = {},
  ): Promise<StreamPeerTLS> {
    const stream = scene.Stream(buffers);
    Succeed(stream.ConnectToHost("127.0.0.1", port));
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(stream, name, options ?? TLSOptions.Client()));
    expect(tls.GetStatus()).toBe(TLSStatus.STATUS_HANDSHAKING);
    return tls;
  }

  function untilTls(tls: StreamPeerTLS, status: TLSStatus): Promise<void> {
    return scene.Until(() => tls.GetStatus() === status, `TLS status ${status}`);
  }

  /** Both ends of a connection that stands. */
  async function pair(buffers = {}): Promise<[StreamPeerTLS, FarPeer]> {
    const server = await scene.TlsServer("Server");
    const tls = await begin(server.Port, Harness.TlsClient?.(), buffers);
    await untilTls(tls, TLSStatus.STATUS_CONNECTED);
    return [tls, await scene.Peer(server)];
  }

  test("carries bytes both ways through small buffers, and knows the peer", async () => {
    const [tls, far] = await pair(smallRings);
    expect(tls.GetProtocol()).toBe("TLSv1.3");
    expect(tls.GetPeerCertificate()?.SubjectAltName).toContain("DNS:localhost");
    const [mine, theirs] = [Pattern(30_000), Pattern(40_000, 7)];
    const putting = tls.PutDataAsync(mine);
    far.Send(theirs);
    const { Result, Data } = await scene.Answer(tls.GetDataAsync(theirs.length));
    expect([Result, await scene.Answer(putting)]).toEqual([SUCCESS, SUCCESS]);
    ExpectBytes(Data, theirs);
    await scene.UntilHeard(far, mine.length);
    ExpectBytes(far.Received(), mine);
  });

  test("takes and gives nothing in the handshake; who waits is served after it", async () => {
    const server = await scene.TlsServer("Server");
    const tls = await begin(server.Port);
    expect(tls.PutData(Pattern(1))).toBe(FAILED);
    expect(tls.GetData(new Uint8Array(1))).toBe(FAILED);
    expect([tls.GetAvailableBytes(), tls.GetProtocol()]).toEqual([0, ""]);
    const putting = tls.PutDataAsync(Pattern(9));
    expect(await scene.Answer(putting)).toBe(SUCCESS);
    const far = await scene.Peer(server);
    await scene.UntilHeard(far, 9);
    ExpectBytes(far.Received(), Pattern(9));
  });

  test.each(untrusted)("refuses the certificate of %s with code %d", async (...row) => {
    const [which, code, status] = row;
    const tls = await begin((await scene.TlsServer(which)).Port);
    await untilTls(tls, status);
    expect([tls.GetLastError(), tls.Poll()]).toEqual([code, code]);
    expect(tls.GetCloseReason()).toBe(CloseReason.ERROR);
    expect(tls.GetPeerCertificate()).toBeNull();
  });

  test.each(untrusted)("takes the certificate of %s where none is verified", async (which) => {
    const tls = await begin((await scene.TlsServer(which)).Port, TLSOptions.ClientUnsafe());
    await untilTls(tls, TLSStatus.STATUS_CONNECTED);
  });

  test.each(mutes)("fails with a server that %s: code %j", async (_what, codes, act) => {
    const server = await scene.FarServer();
    const tls = await begin(server.Port);
    const far = await scene.Peer(server);
    await scene.UntilHeard(far, 1);
    act(far);
    await untilTls(tls, TLSStatus.STATUS_ERROR);
    expect(codes).toContain(tls.GetLastError());
  });

  test("fails with a server that spoke first, in its time at the latest", async () => {
    const { Stream, Far } = await scene.Pair();
    Far.Send(Pattern(100, 48));
    await scene.UntilAvailable(Stream, 100);
    const tls = new StreamPeerTLS();
    const options = Harness.TlsClient?.({ HandshakeTimeout: 200 }) ?? TLSOptions.Client();
    Succeed(tls.ConnectToStream(Stream, name, options));
    await untilTls(tls, TLSStatus.STATUS_ERROR);
    expect([TLS_FAILED, SocketError.TIMED_OUT]).toContain(tls.GetLastError());
  });

  test("fails with a server that is silent, in its time", async () => {
    const server = await scene.FarServer();
    const from = Harness.Backend.Now();
    const tls = await begin(server.Port, Harness.TlsClient?.({ HandshakeTimeout: 200 }));
    await untilTls(tls, TLSStatus.STATUS_ERROR);
    expect(tls.GetLastError()).toBe(SocketError.TIMED_OUT);
    expect(Harness.Backend.Now() - from).toBeGreaterThanOrEqual(195);
  });

  test.each([0, 1, 5_000])("has the %d bytes before the peer's end, then ends", async (count) => {
    const [tls, far] = await pair();
    far.Send(Pattern(count));
    far.Finish();
    const { Data } = await scene.Answer(tls.GetDataAsync(count));
    ExpectBytes(Data, Pattern(count));
    await untilTls(tls, TLSStatus.STATUS_DISCONNECTED);
    expect(tls.GetCloseReason()).toBe(CloseReason.PEER);
  });

  test.each([0, 1, 5_000])("DisconnectFromStream sends %d bytes, then ends", async (count) => {
    const [tls, far] = await pair();
    Succeed(tls.PutData(Pattern(count)));
    tls.DisconnectFromStream();
    expect(tls.GetStatus()).toBe(TLSStatus.STATUS_DISCONNECTED);
    await scene.Until(() => far.IsFinished(), "the end");
    ExpectBytes(far.Received(), Pattern(count));
  });

  describe("is refused at once", () => {
    test("on a stream that is not connected: FAILED", () => {
      const tls = new StreamPeerTLS();
      expect(tls.ConnectToStream(scene.Stream(), name, TLSOptions.Client())).toBe(FAILED);
      expect(tls.GetStatus()).toBe(TLSStatus.STATUS_DISCONNECTED);
    });

    test("without a name to verify: INVALID_PARAMETER, and the stream goes on", async () => {
      const { Stream, Far } = await scene.Pair();
      const tls = new StreamPeerTLS();
      expect(tls.ConnectToStream(Stream, "", TLSOptions.Client())).toBe(INVALID_PARAMETER);
      expect(tls.ConnectToStream(Stream, "no name", TLSOptions.Client())).toBe(INVALID_PARAMETER);
      expect(Stream.PutU8(7)).toBe(SUCCESS);
      await scene.UntilHeard(Far, 1);
    });

    test("twice: ALREADY_INIT", async () => {
      const [tls] = await pair();
      const stream = tls.GetStream()!;
      expect(tls.ConnectToStream(stream, name, TLSOptions.Client())).toBe(ALREADY_INIT);
      expect(tls.GetStatus()).toBe(TLSStatus.STATUS_CONNECTED);
    });
  });
}
