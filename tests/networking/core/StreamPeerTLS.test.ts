import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { StreamPeerTLS } from "../../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { TLSStatus } from "../../../networking/core/TLSStatus.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { Succeed, UseNetwork } from "../../Support/Network.ts";

const network = UseNetwork();
const { Ca, Server } = Certificates();

const text = new TextEncoder();

test("a client and a server speak, and the end is told", async () => {
  const server = network.Listening();
  const tcp = network.Stream();
  Succeed(tcp.ConnectToHost("127.0.0.1", server.GetLocalPort()));
  const accepted = await network.Take(server);
  await tcp.WaitStatus(2, 5000);
  const a = new StreamPeerTLS();
  const b = new StreamPeerTLS();
  expect(a.ConnectToStream(tcp, "localhost", TLSOptions.Client(Ca.Certificate))).toBe(0);
  expect(b.AcceptStream(accepted, TLSOptions.Server(Server.PrivateKey, Server.Certificate))).toBe(
    0,
  );
  expect(a.GetStatus()).toBe(TLSStatus.STATUS_HANDSHAKING);
  expect(await a.WaitStatus(TLSStatus.STATUS_CONNECTED, 5000)).toBe(0);
  expect(await b.WaitStatus(TLSStatus.STATUS_CONNECTED, 5000)).toBe(0);
  expect(a.GetProtocol()).toBe("TLSv1.3");
  a.PutData(text.encode("hello"));
  const got = await b.GetDataAsync(5);
  expect(new TextDecoder().decode(got.Data)).toBe("hello");
  b.PutData(text.encode("bye"));
  b.DisconnectFromStream();
  expect((await a.GetDataAsync(3)).Result).toBe(SocketError.SUCCESS);
  expect(await a.WaitStatus(TLSStatus.STATUS_DISCONNECTED, 5000)).toBe(0);
  expect(a.GetCloseReason()).toBe(2);
});
