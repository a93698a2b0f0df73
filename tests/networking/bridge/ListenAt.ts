/** Listens on loopback at a port of the system's choice, until the test ends. */
import { once } from "node:events";
import type { Server, Socket } from "node:net";
import type { Network } from "../../Support/Network.ts";

/** @returns the port */
export async function ListenAt(network: Network, server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  network.Ending(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}
