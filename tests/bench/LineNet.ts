/** The near end on plain `node:net`, written as its documentation suggests. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { bulkBytes, roundTrips } from "./Line.ts";

const port = Number(process.argv[2]);
const isTls = process.argv[3] === "tls";

async function open(kind: string): Promise<Socket> {
  const target = { port, host: "127.0.0.1", noDelay: true };
  const socket = isTls ? connectTls({ ...target, rejectUnauthorized: false }) : connect(target);
  await once(socket, isTls ? "secureConnect" : "connect");
  socket.write(kind);
  return socket;
}

async function receive(): Promise<number> {
  const socket = await open("S");
  const start = performance.now();
  let received = 0;
  socket.on("data", (bytes) => (received += bytes.length));
  await once(socket, "end");
  return received / 1e3 / (performance.now() - start);
}

async function send(): Promise<number> {
  const socket = await open("R");
  const chunk = Buffer.alloc(65_536);
  const start = performance.now();
  const answered = once(socket, "data");
  for (let left = bulkBytes; left > 0; left -= chunk.length) {
    if (!socket.write(chunk)) await once(socket, "drain");
  }
  await answered;
  return bulkBytes / 1e3 / (performance.now() - start);
}

async function pingPong(): Promise<number> {
  const socket = await open("E");
  const ping = Buffer.alloc(64);
  let left = roundTrips;
  let filled = 0;
  const start = performance.now();
  await new Promise<void>((resolve) => {
    socket.on("data", (bytes) => {
      filled += bytes.length;
      if (filled < ping.length) return;
      filled -= ping.length;
      if (--left === 0) resolve();
      else socket.write(ping);
    });
    socket.write(ping);
  });
  socket.destroy();
  return (1e3 * (performance.now() - start)) / roundTrips;
}

process.send?.({
  Kind: "line",
  ReceiveMBps: await receive(),
  SendMBps: await send(),
  RoundTripUs: await pingPong(),
});
