/** The toolkit over TLS, against `node:tls` and OpenSSL's own tools. */
import type { TLSSocket, TlsOptions } from "node:tls";
import { connect as connectTls, createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { Connect } from "../../../networking/toolkit/Connect.ts";
import type { ConnectionServer } from "../../../networking/toolkit/ConnectionServer.ts";
import { ConnectionTimeoutError } from "../../../networking/toolkit/Errors.ts";
import type { TlsSendOptions } from "../../../networking/toolkit/TcpClient.ts";
import { SendTlsTcpMessage } from "../../../networking/toolkit/TcpClient.ts";
import type { TcpHandler, TlsServerOptions } from "../../../networking/toolkit/TcpServer.ts";
import { StartTcpServer, StartTlsTcpServer } from "../../../networking/toolkit/TcpServer.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { SClient, SServer } from "../../Support/OpenSsl.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Rejection, Text } from "./Peers.ts";

const network = UseNetwork();
const backend = network.Backend;
CaptureNetLog();

const { Ca, Server, WrongName, Expired, Client, OtherClient, SelfSigned } = Certificates();
const own = { certfile: Server.CertificateFile, keyfile: Server.PrivateKeyFile };
const cafile = Ca.CertificateFile;

const secure: TcpHandler = async (data, _address, reply) => {
  await reply.Send(`Secure response to ${Text(data)}`);
};

async function start(options: Partial<TlsServerOptions> = {}): Promise<ConnectionServer> {
  const server = await StartTlsTcpServer(0, secure, {
    host: "127.0.0.1",
    backend,
    grace: 0,
    ...own,
    ...options,
  });
  network.Ending(() => void server.Close());
  return server;
}

function send(port: number, options: TlsSendOptions = {}, host = "localhost"): Promise<string> {
  return SendTlsTcpMessage(host, port, "Hello Secure", { backend, cafile, ...options });
}

/** A plain TLS server that answers what it gets and goes on listening. */
async function plainServer(options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (data) => socket.write(`Echo: ${data}`));
  });
  server.on("tlsClientError", () => undefined);
  server.listen(0, "127.0.0.1");
  await WaitFor(() => server.listening, "a plain TLS listener");
  network.Ending(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe("the page's examples", () => {
  it("secure server and client, each with a certificate", async () => {
    const printed: string[] = [];
    await using server = await StartTlsTcpServer(
      0,
      (data, address, reply) => {
        printed.push(`Received from ${address.Host}: ${new TextDecoder().decode(data)}`);
        printed.push(`signed by ${reply.GetPeerCertificate()?.Issuer}`);
        void reply.Send("Secure response");
      },
      {
        certfile: Server.CertificateFile,
        keyfile: Server.PrivateKeyFile,
        cafile: Ca.CertificateFile, // Optional, for client cert verification
        requireClientCert: true, // For mutual TLS
        backend,
      },
    );
    const reply = await SendTlsTcpMessage("localhost", server.Port, "Hello Secure", {
      cafile: Ca.CertificateFile, // Optional, for server verification
      certfile: Client.CertificateFile, // For mutual TLS
      keyfile: Client.PrivateKeyFile,
      backend,
    });
    expect(reply).toBe("Secure response");
    expect(printed).toEqual([
      "Received from 127.0.0.1: Hello Secure",
      "signed by O=Moonwire, CN=ca",
    ]);
  });
});

describe("StartTlsTcpServer", () => {
  it("answers node:tls and openssl", async () => {
    const server = await start();
    const plain: TLSSocket = connectTls({
      port: server.Port,
      host: "127.0.0.1",
      servername: "localhost",
      ca: Ca.Certificate,
    });
    network.Ending(() => plain.destroy());
    let heard = "";
    plain.on("data", (data) => (heard += data.toString()));
    plain.write("node");
    await WaitFor(() => heard === "Secure response to node", "the answer");

    const openssl = SClient(server.Port, ["-CAfile", cafile, "-verify_return_error"]);
    network.Ending(() => openssl.Stop());
    openssl.Send("openssl");
    await openssl.WaitSaid("Secure response to openssl");
    openssl.Finish();
    await openssl.WaitExit();
    await WaitFor(() => server.ActiveConnections === 1, "the end of one");
    expect(server.FailedConnections).toBe(0);
  });

  it("refuses clients without a certificate, or with one of somebody else's", async () => {
    const server = await start({ cafile, requireClientCert: true });
    const strange = { certfile: OtherClient.CertificateFile, keyfile: OtherClient.PrivateKeyFile };
    expect((await Rejection(send(server.Port))).Code).toBe(SocketError.TLS_FAILED);
    // TLS 1.3: the client has finished by then. How its connection ends is the backend's to tell.
    expect(await send(server.Port, strange).catch(() => "refused")).not.toContain("response");
    await WaitFor(() => server.FailedConnections === 2, "two refusals");
    const known = { certfile: Client.CertificateFile, keyfile: Client.PrivateKeyFile };
    expect(await send(server.Port, known)).toBe("Secure response to Hello Secure");
  });

  it("asks for no certificate, and gets none, with a cafile alone", async () => {
    const server = await start({ cafile });
    expect(await send(server.Port)).toBe("Secure response to Hello Secure");
  });

  it("goes on while one client is silent in its handshake and another talks nonsense", async () => {
    const errors: unknown[] = [];
    const server = await start({ idleTimeout: 150, onError: (error) => errors.push(error) });
    const silent = network.PlainClient(server.Port);
    const nonsense = network.PlainClient(server.Port);
    nonsense.Send("GET / HTTP/1.0\r\n\r\n");
    expect(await send(server.Port)).toBe("Secure response to Hello Secure");
    await WaitFor(() => silent.Closed, "the reset");
    await WaitFor(() => nonsense.Closed || nonsense.Ended, "the end");
    await WaitFor(() => errors.length === 2, "both errors");
    expect(errors).toContainEqual(expect.any(ConnectionTimeoutError));
    expect(errors).toContainEqual(expect.objectContaining({ Code: SocketError.TLS_FAILED }));
  });
});

describe("a TLSOptions", () => {
  it("of the other role is a TypeError", async () => {
    const client = TLSOptions.Client();
    await expect(StartTcpServer(0, secure, { backend, tls: client })).rejects.toThrow(TypeError);
    const tls = TLSOptions.Server(Server.PrivateKey, Server.Certificate);
    await expect(Connect("localhost", 1, { backend, tls })).rejects.toThrow(TypeError);
  });

  it("with a mistake in it does not start a server", async () => {
    const tls = TLSOptions.Server(Client.PrivateKey, Server.Certificate);
    const starting = StartTcpServer(0, secure, { host: "127.0.0.1", backend, tls });
    expect((await Rejection(starting)).Code).toBe(SocketError.TLS_FAILED);
  });
});

describe("SendTlsTcpMessage", () => {
  const pem = ({ PrivateKey, Certificate }: typeof Server): TlsOptions => ({
    key: PrivateKey,
    cert: Certificate,
  });

  it.each(["TLSv1.2", "TLSv1.3"] as const)("gets a reply over %s", async (version) => {
    const port = await plainServer({ ...pem(Server), minVersion: version, maxVersion: version });
    expect(await send(port)).toBe("Echo: Hello Secure");
    expect(await send(port, {}, "127.0.0.1")).toBe("Echo: Hello Secure");
  });

  it("gets a reply of openssl's", async () => {
    const files = ["-cert", Server.CertificateFile, "-key", Server.PrivateKeyFile];
    const server = await SServer.Start([...files, "-rev"]);
    network.Ending(() => server.Stop());
    const reply = SendTlsTcpMessage("localhost", server.Port, "abc\n", { backend, cafile });
    expect(await reply).toBe("cba\n");
  });

  it.each([
    [
      "an unknown authority",
      Server,
      { cafile: SelfSigned.CertificateFile },
      "TLS_CERTIFICATE_INVALID",
    ],
    ["a self-signed server", SelfSigned, {}, "TLS_CERTIFICATE_INVALID"],
    ["a certificate out of date", Expired, {}, "TLS_CERTIFICATE_INVALID"],
    ["another name", WrongName, {}, "TLS_HOSTNAME_MISMATCH"],
  ] as const)(
    "refuses %s, unless it is told not to verify",
    async (_what, shown, options, code) => {
      const port = await plainServer(pem(shown));
      expect((await Rejection(send(port, options))).Code).toBe(SocketError[code]);
      expect(await send(port, { ...options, verify: false })).toBe("Echo: Hello Secure");
    },
  );

  it("says so when no TLS is spoken there", async () => {
    const plain = await network.PlainServer();
    const sending = send(plain.Port);
    (await plain.Peer()).Send("220 welcome\r\n");
    expect((await Rejection(sending)).Code).toBe(SocketError.TLS_FAILED);
  });

  it("gives up a server that is silent in the handshake, and when its signal aborts", async () => {
    const plain = await network.PlainServer();
    const sending = Rejection(send(plain.Port, { timeout: 100 }));
    expect(await sending).toBeInstanceOf(ConnectionTimeoutError);
    const controller = new AbortController();
    const aborted = Rejection(send(plain.Port, { signal: controller.signal }));
    await plain.Peer(1);
    controller.abort(new Error("enough"));
    expect((await aborted).cause).toBe(controller.signal.reason);
  });
});
