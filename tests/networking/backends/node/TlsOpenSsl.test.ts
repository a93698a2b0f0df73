/** TLS with OpenSSL's own client and server at the other end, in both versions. */
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { StreamPeerTLS } from "../../../../networking/core/StreamPeerTLS.ts";
import type { TLSServerSettings } from "../../../../networking/core/TLSOptions.ts";
import { TLSOptions } from "../../../../networking/core/TLSOptions.ts";
import type { Certified } from "../../../Support/Certificates.ts";
import { Certificates } from "../../../Support/Certificates.ts";
import { Succeed, UseNetwork } from "../../../Support/Network.ts";
import { OpenSsl, SClient, SServer } from "../../../Support/OpenSsl.ts";
import { ConnectTls, FailureOf, ServerOptions, WaitTls } from "../../../Support/TlsPair.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const network = UseNetwork();
const { Ca, Server, Client, OtherClient } = Certificates();
const { STATUS_CONNECTED, STATUS_DISCONNECTED } = StreamPeerTLS;
const bulkBytes = 10 * 2 ** 20;

/** Digits: among letters `s_server` would find its commands. */
function digits(count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let i = 0, x = 7; i < count; i++) {
    x = (x * 48_271) % 2_147_483_647;
    bytes[i] = 48 + (x % 10);
  }
  return bytes;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function filesOf(own: Certified): string[] {
  return ["-cert", own.CertificateFile, "-key", own.PrivateKeyFile];
}

async function sServer(...more: string[]): Promise<SServer> {
  const server = await SServer.Start([...filesOf(Server), ...more]);
  network.Ending(() => server.Stop());
  return server;
}

interface Meeting {
  readonly Client: OpenSsl;
  readonly Stream: StreamPeerTLS;
}

/** An `s_client` at a server of ours, its handshake begun. */
async function sClient(
  settings: TLSServerSettings,
  args: readonly string[],
  brief = true,
): Promise<Meeting> {
  const server = network.Listening();
  const client = SClient(server.GetLocalPort(), ["-CAfile", Ca.CertificateFile, ...args], brief);
  network.Ending(() => client.Stop());
  const stream = new StreamPeerTLS();
  Succeed(stream.AcceptStream(await network.Take(server), ServerOptions(Server, settings)));
  return { Client: client, Stream: stream };
}

for (const [version, flag] of [
  ["TLSv1.2", "-tls1_2"],
  ["TLSv1.3", "-tls1_3"],
] as const) {
  describe(`s_server, ${version}`, () => {
    test("is spoken to, and agrees on a protocol", async () => {
      const server = await sServer(flag, "-alpn", "moon/1");
      const options = TLSOptions.Client(Ca.Certificate, { AlpnProtocols: ["moon/2", "moon/1"] });
      const stream = await ConnectTls(network, server.Port, options);
      await WaitTls(stream, STATUS_CONNECTED);
      expect([stream.GetProtocol(), stream.GetAlpnProtocol()]).toEqual([version, "moon/1"]);
      Succeed(stream.PutRawText("from moonwire\n"));
      await server.WaitSaid("from moonwire");
      server.Send("from openssl\n");
      await WaitFor(() => stream.GetRawText(13) === "from openssl\n", "an answer");
      server.Send("Q\n");
      await WaitTls(stream, STATUS_DISCONNECTED);
    });

    test("hears the name", async () => {
      const second = ["-cert2", Server.CertificateFile, "-key2", Server.PrivateKeyFile];
      const server = await sServer(flag, "-servername", "localhost", ...second);
      const options = TLSOptions.Client(Ca.Certificate);
      await WaitTls(await ConnectTls(network, server.Port, options), STATUS_CONNECTED);
      await server.WaitSaid('Hostname in TLS extension: "localhost"');
    });

    test("asks for a certificate, and gets the right one or none", async () => {
      const trusting = ["-verify_return_error", "-CAfile", Ca.CertificateFile];
      const server = await sServer(flag, "-Verify", "1", ...trusting);
      const { Certificate, PrivateKey } = Client;
      const known = TLSOptions.Client(Ca.Certificate, { Certificate, PrivateKey });
      const stream = await ConnectTls(network, server.Port, known);
      await WaitTls(stream, STATUS_CONNECTED);
      Succeed(stream.PutRawText("known\n"));
      await server.WaitSaid("known");
      stream.DisconnectFromStream();
      for (const options of [
        TLSOptions.Client(Ca.Certificate),
        TLSOptions.Client(Ca.Certificate, {
          Certificate: OtherClient.Certificate,
          PrivateKey: OtherClient.PrivateKey,
        }),
      ]) {
        const refused = await ConnectTls(network, server.Port, options);
        expect(await FailureOf(refused)).toBe(SocketError.TLS_FAILED);
      }
    });

    test("resumes a session", async () => {
      const server = await sServer(flag);
      const options = TLSOptions.Client(Ca.Certificate);
      for (const reused of [false, true, true]) {
        const stream = await ConnectTls(network, server.Port, options);
        await WaitTls(stream, STATUS_CONNECTED);
        server.Send("0");
        await WaitFor(() => stream.GetU8() === 48, "a byte, and what came before it");
        expect(stream.IsSessionReused()).toBe(reused);
        expect(stream.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=server");
        stream.DisconnectFromStream();
        await WaitFor(() => network.Backend.HeldCount() === 0, "the end of the connection");
      }
    });

    test("10 MiB each way arrive as they were sent", async () => {
      const server = await sServer(flag);
      const stream = await ConnectTls(network, server.Port, TLSOptions.Client(Ca.Certificate));
      await WaitTls(stream, STATUS_CONNECTED);
      await server.WaitConnected();
      const data = digits(bulkBytes);
      expect(await stream.PutDataAsync(data)).toBe(SocketError.SUCCESS);
      await WaitFor(() => server.Received().length >= bulkBytes, "10 MiB at s_server");
      expect(hashOf(server.Received().subarray(0, bulkBytes))).toBe(hashOf(data));
      server.Send(data);
      expect(hashOf((await stream.GetDataAsync(bulkBytes)).Data)).toBe(hashOf(data));
    });
  });

  describe(`s_client, ${version}`, () => {
    const verifying = [flag, "-verify_return_error", "-verify_hostname", "localhost"];

    test("is accepted, verifies us, and ends with what it had to say before", async () => {
      const { Client: client, Stream } = await sClient({}, verifying);
      await WaitTls(Stream, STATUS_CONNECTED);
      await client.WaitSaid("Verification: OK");
      expect([Stream.GetProtocol(), Stream.GetPeerCertificate()]).toEqual([version, null]);
      Succeed(Stream.PutRawText("welcome"));
      await client.WaitOutput(7);
      expect(client.Output.toString()).toBe("welcome");
      client.Send("good night");
      client.Finish();
      await WaitFor(() => Stream.GetRawText(10) === "good night", "its last words");
      await WaitTls(Stream, STATUS_DISCONNECTED);
      await client.WaitExit();
      expect(client.ExitCode).toBe(0);
    });

    test("is told a protocol, and resumes a session", async () => {
      const server = network.Listening();
      const options = ServerOptions(Server, { AlpnProtocols: ["moon/1"] });
      const session = `${Server.CertificateFile}.${version}`;
      for (const how of [
        ["-sess_out", session],
        ["-sess_in", session],
      ]) {
        const args = [flag, "-alpn", "moon/9,moon/1", ...how];
        const client = SClient(server.GetLocalPort(), args, false);
        network.Ending(() => client.Stop());
        const stream = new StreamPeerTLS();
        Succeed(stream.AcceptStream(await network.Take(server), options));
        await WaitTls(stream, STATUS_CONNECTED);
        expect(stream.GetAlpnProtocol()).toBe("moon/1");
        expect(stream.IsSessionReused()).toBe(how[0] === "-sess_in");
        await client.WaitSaid("ALPN protocol: moon/1");
        Succeed(stream.PutRawText("after the tickets"));
        await client.WaitSaid("after the tickets");
        client.Finish();
        await client.WaitExit();
      }
    });

    test("may take new keys, and not begin a handshake anew", async () => {
      const server = network.Listening();
      const address = `127.0.0.1:${server.GetLocalPort()}`;
      const client = new OpenSsl(["s_client", "-connect", address, flag]);
      network.Ending(() => client.Stop());
      const stream = new StreamPeerTLS();
      Succeed(stream.AcceptStream(await network.Take(server), ServerOptions()));
      await WaitTls(stream, STATUS_CONNECTED);
      Succeed(stream.PutRawText("hello"));
      await client.WaitSaid("hello");
      const isOld = version === "TLSv1.2";
      client.Send(isOld ? "R\n" : "K\n"); // its commands: RENEGOTIATING, KEYUPDATE
      await client.WaitSaid(isOld ? "RENEGOTIATING" : "KEYUPDATE");
      if (isOld) return expect(await FailureOf(stream)).toBe(SocketError.TLS_FAILED);
      client.Send("under new keys");
      await WaitFor(() => stream.GetRawText(14) === "under new keys", "bytes under new keys");
      Succeed(stream.PutRawText("and back"));
      await client.WaitSaid("and back");
    });

    test("has to show a certificate that we trust", async () => {
      const settings = { ClientCA: Ca.Certificate, RequireClientCert: true };
      const known = await sClient(settings, [...verifying, ...filesOf(Client)]);
      await WaitTls(known.Stream, STATUS_CONNECTED);
      expect(known.Stream.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=client");
      const unknown = await sClient(settings, [...verifying, ...filesOf(OtherClient)]);
      expect(await FailureOf(unknown.Stream)).toBe(SocketError.TLS_CERTIFICATE_INVALID);
      const bare = await sClient(settings, verifying);
      expect(await FailureOf(bare.Stream)).toBe(SocketError.TLS_FAILED);
      await bare.Client.WaitExit();
      expect(bare.Client.Said()).toMatch(/alert (certificate required|handshake failure)/);
    });

    test("that does not trust us fails with its alert", async () => {
      const { Stream } = await sClient({}, [flag, "-verify_return_error", "-verify_hostname", "x"]);
      expect(await FailureOf(Stream)).toBe(SocketError.TLS_FAILED);
    });

    test("10 MiB each way arrive as they were sent", async () => {
      const { Client: client, Stream } = await sClient({}, verifying);
      await WaitTls(Stream, STATUS_CONNECTED);
      const data = digits(bulkBytes);
      client.Send(data);
      expect(hashOf((await Stream.GetDataAsync(bulkBytes)).Data)).toBe(hashOf(data));
      const put = Stream.PutDataAsync(data);
      await client.WaitOutput(bulkBytes);
      expect(await put).toBe(SocketError.SUCCESS);
      expect(hashOf(client.Output)).toBe(hashOf(data));
    });

    test("that does not read slows us down, and gets it all later", async () => {
      const { Client: client, Stream } = await sClient({}, verifying);
      await WaitTls(Stream, STATUS_CONNECTED);
      client.Freeze();
      const data = digits(2 ** 16);
      let sent = 0;
      const fill = (): number => {
        const now = Stream.PutPartialData(data.subarray(sent % data.length)).BytesSent;
        sent += now;
        return now;
      };
      // The system's buffers are finite: at some time nothing moves any more.
      let still = 0;
      await WaitFor(() => {
        still = fill() === 0 ? still + 1 : 0;
        return still > 100;
      }, "the writer to be stopped");
      expect(Stream.GetOutboundBytes()).toBe(65_536);
      expect(sent).toBeLessThan(2 ** 24);
      client.Thaw();
      await client.WaitOutput(sent);
      expect(client.Output.length).toBe(sent);
    });
  });
}
