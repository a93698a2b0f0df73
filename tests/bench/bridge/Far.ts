/**
 * The target behind every bridge, the same for all: FarHeader says what a connection is for.
 * Answers "pulled" with the bytes that the system has taken from it.
 */
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { headerBytes } from "./FarHeader.ts";
import { FillPattern } from "./Pattern.ts";

/** Everything the system took of connections that were asked to send. */
const senders = new Set<Socket>();
let endedSenders = 0;

function serve(socket: Socket, header: Buffer): void {
  const kind = String.fromCharCode(header[0] ?? 0);
  const count = header.readDoubleLE(1);
  const rest = header.subarray(headerBytes);
  if (kind === "S") return send(socket, count);
  if (kind === "R") return receive(socket, count - rest.length);
  if (rest.length > 0) socket.write(rest);
  socket.on("data", (bytes) => socket.write(bytes));
}

function send(socket: Socket, count: number): void {
  senders.add(socket);
  socket.on("close", () => {
    senders.delete(socket);
    endedSenders += socket.bytesWritten;
  });
  let sent = 0;
  const write = (): void => {
    while (sent < count) {
      const bytes = FillPattern(sent, Math.min(65_536, count - sent));
      sent += bytes.length;
      if (!socket.write(bytes)) return;
    }
    socket.end();
  };
  socket.on("drain", write);
  write();
}

function receive(socket: Socket, count: number): void {
  let left = count;
  const done = (): void => void (left <= 0 && socket.write("!"));
  socket.on("data", (bytes) => {
    left -= bytes.length;
    done();
  });
  done();
}

const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
  let header = Buffer.alloc(0);
  const onData = (bytes: Buffer): void => {
    header = Buffer.concat([header, bytes]);
    if (header.length < headerBytes) return;
    socket.off("data", onData);
    serve(socket, header);
  };
  socket.on("data", onData);
  socket.on("error", () => socket.destroy());
  socket.on("end", () => socket.end());
});
server.listen({ port: 0, host: "127.0.0.1", backlog: 1_024 }, () => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.send?.({ Kind: "listening", Port: port });
});
process.on("message", (message) => {
  if (message !== "pulled") return;
  let pulled = endedSenders;
  for (const socket of senders) pulled += socket.bytesWritten - socket.writableLength;
  process.send?.({ Kind: "pulled", Bytes: pulled });
});
process.on("disconnect", () => process.exit(0));
