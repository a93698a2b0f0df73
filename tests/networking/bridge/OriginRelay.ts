/**
 * Passes connections on to a port and puts an Origin header into the head of each, for clients in
 * Node.js that send none: in a page the browser does that.
 */
import type { AddressInfo, Server } from "node:net";
import { connect, createServer } from "node:net";
import { pageOrigin } from "./WispClient.ts";

export class OriginRelay {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @param port of 127.0.0.1 that the connections go on to. */
  static async Start(port: number): Promise<OriginRelay> {
    const server = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      near.once("data", (head) => {
        far.write(
          head.toString("latin1").replace("\r\n", `\r\nOrigin: ${pageOrigin}\r\n`),
          "latin1",
        );
        near.pipe(far).pipe(near);
      });
      near.on("error", () => far.destroy());
      far.on("error", () => near.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new OriginRelay(server);
  }

  get Port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  Stop(): void {
    this.#server.close();
  }
}
