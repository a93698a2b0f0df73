/** The near end on Moonwire with its blocking calls, as a tool or a loading screen uses them. */
import type { StreamPeer } from "moonwire/networking";
import {
  SocketError,
  Status,
  StreamPeerTCP,
  StreamPeerTLS,
  TLSOptions,
  TLSStatus,
} from "moonwire/networking";
import { bulkBytes, roundTrips } from "./Line.ts";

const port = Number(process.argv[2]);
const isTls = process.argv[3] === "tls";
const pieceBytes = 65_536;

async function open(kind: string): Promise<StreamPeer> {
  const bufferBytes = 1_048_576;
  const peer = new StreamPeerTCP({
    InboundBufferSize: bufferBytes,
    OutboundBufferSize: bufferBytes,
  });
  peer.ConnectToHost("127.0.0.1", port);
  const connected = await peer.WaitStatus(Status.STATUS_CONNECTED, 10_000);
  if (connected !== SocketError.SUCCESS) throw new Error("The far end did not answer.");
  peer.BlockingTimeout = 10_000;
  const stream = isTls ? await secure(peer) : peer;
  stream.PutRawText(kind);
  return stream;
}

async function secure(peer: StreamPeerTCP): Promise<StreamPeerTLS> {
  const tls = new StreamPeerTLS();
  tls.BlockingTimeout = peer.BlockingTimeout;
  tls.ConnectToStream(peer, "localhost", TLSOptions.ClientUnsafe());
  const connected = await tls.WaitStatus(TLSStatus.STATUS_CONNECTED, 10_000);
  if (connected !== SocketError.SUCCESS) throw new Error("The far end speaks no TLS.");
  return tls;
}

async function receive(): Promise<number> {
  const peer = await open("S");
  const buffer = new Uint8Array(pieceBytes);
  const start = performance.now();
  let received = 0;
  while (received < bulkBytes && peer.GetData(buffer) === SocketError.SUCCESS) {
    received += buffer.length;
  }
  return received / 1e3 / (performance.now() - start);
}

async function send(): Promise<number> {
  const peer = await open("R");
  const piece = new Uint8Array(pieceBytes);
  const start = performance.now();
  for (let left = bulkBytes; left > 0; left -= piece.length) {
    if (peer.PutData(piece) !== SocketError.SUCCESS) throw new Error("The far end went away.");
  }
  if (peer.GetU8() === null) throw new Error("The far end did not receive everything.");
  return bulkBytes / 1e3 / (performance.now() - start);
}

async function pingPong(): Promise<number> {
  const peer = await open("E");
  const ping = new Uint8Array(64);
  const start = performance.now();
  for (let i = 0; i < roundTrips; i++) {
    peer.PutData(ping);
    peer.GetData(ping);
  }
  return (1e3 * (performance.now() - start)) / roundTrips;
}

process.send?.({
  Kind: "line",
  ReceiveMBps: await receive(),
  SendMBps: await send(),
  RoundTripUs: await pingPong(),
});
process.on("disconnect", () => process.exit(0));
