/**
 * The peer in the comparison: a `node:net` server as one writes it for a game. Callbacks put what
 * comes in into a buffer per socket, the tick reads the buffers and writes the answers.
 */
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { answerBytes, inputBytes } from "./Messages.ts";
import { TickMeter } from "./TickMeter.ts";

const rate = Number(process.argv[2]);
const meter = new TickMeter();
const clients = new Map<Socket, Buffer[]>();

const server = createServer({ noDelay: true }, (socket) => {
  const waiting: Buffer[] = [];
  clients.set(socket, waiting);
  socket.on("data", (bytes) => waiting.push(bytes));
  socket.on("error", () => undefined);
  socket.on("close", () => clients.delete(socket));
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.send?.({ Kind: "listening", Port: port });
});
meter.Serve();

function tick(): void {
  for (const [socket, waiting] of clients) {
    if (waiting.length === 0) continue;
    const bytes = waiting.length === 1 ? (waiting[0] as Buffer) : Buffer.concat(waiting);
    waiting.length = 0;
    let at = 0;
    for (; at + inputBytes <= bytes.length; at += inputBytes) {
      const answer = Buffer.alloc(answerBytes);
      bytes.copy(answer, 0, at, at + 8);
      socket.write(answer);
    }
    if (at < bytes.length) waiting.push(bytes.subarray(at));
  }
}

let due = performance.now();
function loop(): void {
  meter.Measure(tick);
  due += 1_000 / rate;
  setTimeout(loop, Math.max(0, due - performance.now()));
}
loop();
