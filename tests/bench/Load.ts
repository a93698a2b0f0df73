/**
 * The players: `clients` connections that each send an input at `rate` Hz for `seconds`, spread
 * over the tick, and time the answers. A process of its own, the same for every server. At a rate
 * of 0 they are silent.
 *
 *     node Load.js <port> <clients> <rate> <seconds>
 */
import type { Socket } from "node:net";
import { connect } from "node:net";
import { answerBytes, inputBytes } from "./Messages.ts";

const [port = 0, clients = 0, rate = 0, seconds = 0] = process.argv.slice(2).map(Number);
const slices = 4;
const drainMs = 2_000;
const connectAtOnce = 50;

const sockets: Socket[] = [];
const roundTrips: number[] = [];
let sent = 0;
let answered = 0;

function open(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const answer = Buffer.alloc(answerBytes);
    let filled = 0;
    socket.once("connect", resolve);
    socket.on("error", reject);
    socket.on("data", (bytes) => {
      for (let at = 0; at < bytes.length;) {
        const count = bytes.copy(answer, filled, at, at + answerBytes - filled);
        at += count;
        filled += count;
        if (filled < answerBytes) return;
        filled = 0;
        answered++;
        roundTrips.push(performance.now() - answer.readDoubleLE(0));
      }
    });
    sockets.push(socket);
  });
}

function send(slice: number): void {
  for (let i = slice; i < sockets.length; i += slices) {
    const input = Buffer.alloc(inputBytes);
    input.writeDoubleLE(performance.now(), 0);
    sockets[i]?.write(input);
    sent++;
  }
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

for (let i = 0; i < clients; i += connectAtOnce) {
  const count = Math.min(connectAtOnce, clients - i);
  await Promise.all(Array.from({ length: count }, open));
}
process.send?.("connected");

await new Promise<void>((resolve) => {
  if (rate === 0) return void setTimeout(resolve, seconds * 1_000);
  const start = performance.now();
  const stepMs = 1_000 / rate / slices;
  let step = 0;
  const run = (): void => {
    if (step >= seconds * rate * slices) return resolve();
    send(step++ % slices);
    setTimeout(run, Math.max(0, start + step * stepMs - performance.now()));
  };
  run();
});
process.send?.("sent");
const drained = performance.now() + drainMs;
await new Promise<void>((resolve) => {
  const look = (): void => {
    if (answered >= sent || performance.now() > drained) resolve();
    else setTimeout(look, 20);
  };
  look();
});
roundTrips.sort((a, b) => a - b);
process.send?.(
  {
    Kind: "load",
    Sent: sent,
    Answered: answered,
    RoundTripP50Ms: percentile(roundTrips, 0.5),
    RoundTripP99Ms: percentile(roundTrips, 0.99),
  },
  () => process.exit(0),
);
