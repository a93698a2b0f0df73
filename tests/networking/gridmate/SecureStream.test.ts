import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { StreamPhase } from "../../../networking/gridmate/DriverStream.ts";
import { SecureStream } from "../../../networking/gridmate/SecureStream.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { UseNetwork, WaitStatus } from "../../Support/Network.ts";
import { Status } from "../../../networking/core/Status.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const { Server, Ca, OtherCa } = Certificates();
const serverOptions = TLSOptions.Server(Server.PrivateKey, Server.Certificate);

function client(peer: StreamPeerTCP, ca = Ca): SecureStream {
  const options = TLSOptions.ClientUnsafe(ca.Certificate);
  return new SecureStream(peer, (tls, stream) => tls.ConnectToStream(stream, "", options));
}

function server(peer: StreamPeerTCP): SecureStream {
  return new SecureStream(peer, (tls, stream) => tls.AcceptStream(stream, serverOptions));
}

/** Both ends of a TCP connection, the client's still connecting. */
async function ends(): Promise<{ near: StreamPeerTCP; far: StreamPeerTCP }> {
  const listener = network.Listening();
  const near = network.Stream();
  near.ConnectToHost("127.0.0.1", listener.GetLocalPort());
  return { near, far: await network.Take(listener) };
}

test("it is open once the handshake is done, carries bytes, and ends in order", async () => {
  const { near, far } = await ends();
  const [one, two] = [client(near), server(far)];
  expect(one.Poll()).toBe(StreamPhase.OPENING);
  const isOpen = (): boolean =>
    [one.Poll(), two.Poll()].every((phase) => phase === StreamPhase.OPEN);
  await WaitFor(isOpen, "both ends to be open");
  expect(one.Bytes.PutData(Uint8Array.of(1, 2, 3))).toBe(SocketError.SUCCESS);
  one.Close();
  await WaitFor(() => two.Poll() === StreamPhase.OPEN && two.IsPeerFinished(), "the end");
  const buffer = new Uint8Array(3);
  expect(two.Bytes.GetData(buffer)).toBe(SocketError.SUCCESS);
  expect(buffer).toEqual(Uint8Array.of(1, 2, 3));
  expect(two.Poll()).toBe(StreamPhase.ENDED);
  expect(two.Failure()).toBe(SocketError.SUCCESS);
});

test("a TCP connection that fails is its failure", async () => {
  const dead = await network.PlainServer();
  dead.Stop();
  const peer = network.Stream();
  peer.ConnectToHost("127.0.0.1", dead.Port);
  const stream = client(peer);
  await WaitFor(() => stream.Poll() === StreamPhase.ENDED, "the refusal");
  expect(stream.Failure()).toBe(SocketError.CONNECTION_REFUSED);
});

test("a handshake that cannot begin is refused before a byte is sent", async () => {
  const { Stream, Plain } = await network.Pair();
  const stream = new SecureStream(Stream, (tls, peer) =>
    tls.ConnectToStream(peer, "", serverOptions),
  );
  expect(stream.Poll()).toBe(StreamPhase.ENDED);
  expect(stream.Failure()).toBe(SocketError.INVALID_PARAMETER);
  await WaitFor(() => Plain.Closed, "the end");
  expect(Plain.Received.length).toBe(0);
});

test("an end in order before the handshake is done is a failure", async () => {
  const listener = network.Listening();
  const plain = network.PlainClient(listener.GetLocalPort());
  const peer = await network.Take(listener);
  plain.Socket.end();
  await WaitFor(() => plain.Socket.writableFinished, "the FIN");
  const stream = server(peer);
  await WaitFor(() => stream.Poll() === StreamPhase.ENDED, "the end");
  expect(stream.Failure()).not.toBe(SocketError.SUCCESS);
});

test("an end in order before the first poll is a failure too", async () => {
  const listener = network.Listening();
  const plain = network.PlainClient(listener.GetLocalPort());
  const peer = await network.Take(listener);
  plain.Socket.end();
  await WaitStatus(peer, Status.STATUS_NONE);
  const stream = server(peer);
  expect(stream.Poll()).toBe(StreamPhase.ENDED);
  expect(stream.Failure()).toBe(SocketError.CONNECTION_CLOSED);
});

test("a server of another CA is refused, and both ends know", async () => {
  const { near, far } = await ends();
  const [one, two] = [client(near, OtherCa), server(far)];
  const isOver = (): boolean => {
    two.Poll();
    return one.Poll() === StreamPhase.ENDED;
  };
  await WaitFor(isOver, "the refusal");
  expect(one.Failure()).toBe(SocketError.TLS_CERTIFICATE_INVALID);
  await WaitFor(() => two.Poll() === StreamPhase.ENDED, "the other end");
});
