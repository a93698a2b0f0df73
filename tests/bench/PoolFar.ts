/** The server of the pool benchmark, the same for both sides: answers each piece with itself. */
import type { Socket } from "node:net";
import { createServer } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { MakeBenchCertificate } from "./BenchCertificate.ts";

function serve(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.on("data", (bytes) => socket.write(bytes));
}

function secureServer(): ReturnType<typeof createTlsServer> {
  const { Certificate, PrivateKey } = MakeBenchCertificate();
  return createTlsServer({ noDelay: true, cert: Certificate, key: PrivateKey }, serve);
}

const server = process.argv[2] === "tls" ? secureServer() : createServer({ noDelay: true }, serve);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.send?.({ Kind: "listening", Port: port });
});
process.on("disconnect", () => process.exit(0));
