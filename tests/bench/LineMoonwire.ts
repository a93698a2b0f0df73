/** The near end on Moonwire with its blocking calls, as a tool or a loading screen uses them. */
import { SocketError, Status, StreamPeerTCP } from "moonwire/networking";
import { bulkBytes, roundTrips } from "./Line.ts";

const port = Number(process.argv[2]);
const pieceBytes = 65_536;

async function open(kind: string): Promise<StreamPeerTCP> {
  const bufferBytes = 1_048_576;
  const peer = new StreamPeerTCP({
    InboundBufferSize: bufferBytes,
    OutboundBufferSize: bufferBytes,
  });
  peer.ConnectToHost("127.0.0.1", port);
  const connected = await peer.WaitStatus(Status.STATUS_CONNECTED, 10_000);
  if (connected !== SocketError.SUCCESS) throw new Error("The far end did not answer.");
  peer.BlockingTimeout = 10_000;
  peer.PutRawText(kind);
  return peer;
}

async function receive(): Promise<number> {
  const peer = await open("S");
  const buffer = new Uint8Array(pieceBytes);
  const start = performance.now();
  let received = 0;
  while (received < bulkBytes && peer.GetData(buffer) === SocketError.SUCCESS) {
    received += buffer.length;
  }
  peer.DisconnectFromHost();
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
