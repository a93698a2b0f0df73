/** Every way in which a handshake fails, and the code that tells it from the others. */
import { describe, expect, test } from "vitest";
import { SocketError, SocketErrorName } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import { StreamPeerTLS } from "../../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { TLSStatus } from "../../../networking/core/TLSStatus.ts";
import type { Certified } from "../../Support/Certificates.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { Succeed, UseNetwork, WaitStatus } from "../../Support/Network.ts";
import {
  BeginPair,
  ConnectTls,
  FailureOf,
  PlainPair,
  ServerOptions,
  TrustingClient,
  WaitTls,
} from "../../Support/TlsPair.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const certificates = Certificates();
const { Ca, Server, WrongName, Expired, Stranger, SelfSigned, Client } = certificates;
const versions = ["TLSv1.2", "TLSv1.3"] as const;

describe("what the client does not trust", () => {
  const rows: readonly (readonly [string, Certified, SocketError])[] = [
    ["an unknown authority", Stranger, SocketError.TLS_CERTIFICATE_INVALID],
    ["nobody but itself", SelfSigned, SocketError.TLS_CERTIFICATE_INVALID],
    ["a time that is over", Expired, SocketError.TLS_CERTIFICATE_INVALID],
    ["another name", WrongName, SocketError.TLS_HOSTNAME_MISMATCH],
  ];
  for (const version of versions) {
    for (const [what, own, code] of rows) {
      test(`${what}, ${version}`, async () => {
        const client = TLSOptions.Client(Ca.Certificate, { MaxVersion: version });
        const pair = await BeginPair(network, client, ServerOptions(own));
        expect(SocketErrorName(await FailureOf(pair.Client))).toBe(SocketErrorName(code));
        const mismatch = code === SocketError.TLS_HOSTNAME_MISMATCH;
        expect(pair.Client.GetStatus()).toBe(
          mismatch ? TLSStatus.STATUS_ERROR_HOSTNAME_MISMATCH : TLSStatus.STATUS_ERROR,
        );
        expect(pair.Client.GetCloseReason()).toBe(CloseReason.ERROR);
        // The server must not take it for a client that came, had nothing to say, and left.
        expect(SocketErrorName(await FailureOf(pair.Server))).toBe("CONNECTION_RESET");
      });
    }
  }

  test("the platform's authorities do not vouch for the tests' own", async () => {
    const pair = await BeginPair(network, TLSOptions.Client(), ServerOptions());
    expect(await FailureOf(pair.Client)).toBe(SocketError.TLS_CERTIFICATE_INVALID);
  });

  test("an unsafe client takes them all, one with authorities the wrong name alone", async () => {
    for (const own of [Stranger, SelfSigned, Expired, WrongName]) {
      const pair = await BeginPair(network, TLSOptions.ClientUnsafe(), ServerOptions(own));
      await WaitTls(pair.Client, TLSStatus.STATUS_CONNECTED);
      expect(pair.Client.GetPeerCertificate()?.Subject).toMatch(/^O=Moonwire, CN=/);
    }
    const chain = TLSOptions.ClientUnsafe(Ca.Certificate);
    await WaitTls(
      (await BeginPair(network, chain, ServerOptions(WrongName))).Client,
      TLSStatus.STATUS_CONNECTED,
    );
    const stranger = await BeginPair(network, chain, ServerOptions(Stranger));
    expect(await FailureOf(stranger.Client)).toBe(SocketError.TLS_CERTIFICATE_INVALID);
  });

  test("an address is verified as well as a name", async () => {
    const right = await BeginPair(network, TrustingClient(), ServerOptions(), "127.0.0.1");
    await WaitTls(right.Client, TLSStatus.STATUS_CONNECTED);
    const wrong = await BeginPair(network, TrustingClient(), ServerOptions(), "127.0.0.2");
    expect(await FailureOf(wrong.Client)).toBe(SocketError.TLS_HOSTNAME_MISMATCH);
  });
});

describe("what the server does not trust", () => {
  const required = ServerOptions(Server, { ClientCA: Ca.Certificate, RequireClientCert: true });
  const optional = ServerOptions(Server, { ClientCA: Ca.Certificate });

  function client(own: Certified | null, version: "TLSv1.2" | "TLSv1.3"): TLSOptions {
    const mutual = own === null ? {} : { Certificate: own.Certificate, PrivateKey: own.PrivateKey };
    return TLSOptions.Client(Ca.Certificate, { ...mutual, MaxVersion: version });
  }

  for (const version of versions) {
    test(`a client that it knows is let in, ${version}`, async () => {
      const pair = await BeginPair(network, client(Client, version), required);
      await WaitTls(pair.Server, TLSStatus.STATUS_CONNECTED);
      await WaitTls(pair.Client, TLSStatus.STATUS_CONNECTED);
      expect(pair.Server.GetPeerCertificate()?.Subject).toBe("O=Moonwire, CN=client");
    });

    test(`a client without a certificate, ${version}`, async () => {
      const pair = await BeginPair(network, client(null, version), required);
      expect(await FailureOf(pair.Server)).toBe(SocketError.TLS_FAILED);
      expect(await FailureOf(pair.Client)).toBe(SocketError.TLS_FAILED);
    });

    test(`a client of another authority, even if none is needed, ${version}`, async () => {
      for (const server of [required, optional]) {
        const pair = await BeginPair(network, client(certificates.OtherClient, version), server);
        expect(await FailureOf(pair.Server)).toBe(SocketError.TLS_CERTIFICATE_INVALID);
        expect(await FailureOf(pair.Client)).toBe(SocketError.CONNECTION_RESET);
      }
    });

    test(`none is needed where it is optional, ${version}`, async () => {
      const pair = await BeginPair(network, client(null, version), optional);
      await WaitTls(pair.Server, TLSStatus.STATUS_CONNECTED);
      expect(pair.Server.GetPeerCertificate()).toBeNull();
    });

    test(`one that was refused is refused again, ${version}`, async () => {
      const stranger = client(certificates.OtherClient, version);
      for (let i = 0; i < 3; i++) {
        const pair = await BeginPair(network, stranger, required);
        expect(await FailureOf(pair.Server)).toBe(SocketError.TLS_CERTIFICATE_INVALID);
        expect(await FailureOf(pair.Client)).toBe(SocketError.CONNECTION_RESET);
      }
    });
  }
});

describe("nothing in common", () => {
  test("versions", async () => {
    const client = TLSOptions.Client(Ca.Certificate, { MaxVersion: "TLSv1.2" });
    const pair = await BeginPair(network, client, ServerOptions(Server, { MinVersion: "TLSv1.3" }));
    expect(await FailureOf(pair.Client)).toBe(SocketError.TLS_FAILED);
    expect(await FailureOf(pair.Server)).toBe(SocketError.TLS_FAILED);
  });

  test("application protocols", async () => {
    const client = TLSOptions.Client(Ca.Certificate, { AlpnProtocols: ["moon/2"] });
    const server = ServerOptions(Server, { AlpnProtocols: ["moon/1"] });
    const pair = await BeginPair(network, client, server);
    expect(await FailureOf(pair.Client)).toBe(SocketError.TLS_FAILED);
    expect(await FailureOf(pair.Server)).toBe(SocketError.TLS_FAILED);
  });
});

describe("a peer that speaks no TLS", () => {
  test("a server hears plain text", async () => {
    const server = network.Listening();
    const plain = network.PlainClient(server.GetLocalPort());
    const tls = new StreamPeerTLS();
    Succeed(tls.AcceptStream(await network.Take(server), ServerOptions()));
    plain.Send("GET / HTTP/1.1\r\n\r\n");
    expect(await FailureOf(tls)).toBe(SocketError.TLS_FAILED);
    await WaitFor(() => plain.Closed || plain.Ended, "the end at the plain client");
  });

  test("a client hears plain text", async () => {
    const server = await network.PlainServer();
    const tls = await ConnectTls(network, server.Port, TrustingClient());
    (await server.Peer()).Send("220 welcome to a plain service\r\n");
    expect(await FailureOf(tls)).toBe(SocketError.TLS_FAILED);
  });

  test("a client that says TLS to itself", async () => {
    const { Client: one, Server: two } = await PlainPair(network);
    const [a, b] = [new StreamPeerTLS(), new StreamPeerTLS()];
    Succeed(a.ConnectToStream(one, "localhost", TrustingClient()));
    Succeed(b.ConnectToStream(two, "localhost", TrustingClient()));
    expect(await FailureOf(a)).toBe(SocketError.TLS_FAILED);
    expect(await FailureOf(b)).toBe(SocketError.TLS_FAILED);
  });
});

describe("a peer that falls silent or leaves", () => {
  const hasty = { HandshakeTimeout: 60 };

  test("the deadline ends a client's handshake", async () => {
    const server = await network.PlainServer();
    const tls = await ConnectTls(network, server.Port, TLSOptions.Client(null, hasty));
    expect(await FailureOf(tls)).toBe(SocketError.TIMED_OUT);
    expect(tls.GetCloseReason()).toBe(CloseReason.TIMEOUT);
  });

  test("the deadline ends a server's, silent from the start or after half a hello", async () => {
    const server = network.Listening();
    for (const sent of [new Uint8Array(0), Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0)]) {
      const plain = network.PlainClient(server.GetLocalPort());
      plain.Send(sent);
      const tls = new StreamPeerTLS();
      Succeed(tls.AcceptStream(await network.Take(server), ServerOptions(Server, hasty)));
      expect(await FailureOf(tls)).toBe(SocketError.TIMED_OUT);
      await WaitFor(() => plain.Closed || plain.Ended, "the end at the silent client");
    }
  });

  test("the deadline holds while the plain bytes before it do not leave", async () => {
    const server = await network.PlainServer("127.0.0.1", false);
    const tcp = network.Stream({ OutboundBufferSize: 2 ** 24 });
    Succeed(tcp.ConnectToHost("127.0.0.1", server.Port));
    await WaitStatus(tcp, Status.STATUS_CONNECTED);
    Succeed(tcp.PutData(new Uint8Array(2 ** 24)));
    const tls = new StreamPeerTLS();
    Succeed(tls.ConnectToStream(tcp, "localhost", TLSOptions.Client(null, hasty)));
    expect(await FailureOf(tls)).toBe(SocketError.TIMED_OUT);
  });

  test("a close in the handshake is a close, a reset is a reset, on both sides", async () => {
    const plainServer = await network.PlainServer();
    const server = network.Listening();
    for (const [i, reset] of [false, true].entries()) {
      const client = await ConnectTls(network, plainServer.Port, TrustingClient());
      const { Socket: far } = await plainServer.Peer(i);
      await WaitFor(() => far.bytesRead > 0, "the hello");
      const near = network.PlainClient(server.GetLocalPort());
      near.Send(Uint8Array.of(0x16, 3, 1));
      const accepted = new StreamPeerTLS();
      Succeed(accepted.AcceptStream(await network.Take(server), ServerOptions()));
      if (reset) {
        far.resetAndDestroy();
        near.Socket.resetAndDestroy();
      } else {
        far.end();
        near.Socket.end();
      }
      const code = reset ? SocketError.CONNECTION_RESET : SocketError.CONNECTION_CLOSED;
      expect([await FailureOf(client), await FailureOf(accepted)]).toEqual([code, code]);
      const reason = reset ? CloseReason.RESET : CloseReason.PEER;
      expect([client.GetCloseReason(), accepted.GetCloseReason()]).toEqual([reason, reason]);
    }
  });
});
