/**
 * The far end of the one-connection benchmark, the same for both sides. The first byte of a
 * connection says what it is for: S send me bulk, R receive my bulk and then say so, E echo.
 */
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { MakeBenchCertificate } from "./BenchCertificate.ts";
import { bulkBytes } from "./Line.ts";

const chunk = Buffer.alloc(65_536);

function serve(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.once("data", (first) => {
    const kind = String.fromCharCode(first[0] ?? 0);
    if (kind === "E") {
      socket.write(first.subarray(1));
      return socket.on("data", (bytes) => socket.write(bytes));
    }
    let left = bulkBytes;
    if (kind === "S") {
      const write = (): void => {
        while (left > 0) {
          left -= chunk.length;
          if (!socket.write(chunk)) return;
        }
        socket.end();
      };
      socket.on("drain", write);
      return write();
    }
    left -= first.length - 1;
    socket.on("data", (bytes) => {
      left -= bytes.length;
      if (left <= 0) socket.end("!");
    });
  });
}

function secureServer(): ReturnType<typeof createTlsServer> {
  const { Certificate, PrivateKey } = MakeBenchCertificate();
  return createTlsServer({ noDelay: true, cert: Certificate, key: PrivateKey }, serve);
}

const isTls = process.argv[2] === "tls";
const server = isTls ? secureServer() : createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.send?.({ Kind: "listening", Port: port });
});
process.on("disconnect", () => process.exit(0));
