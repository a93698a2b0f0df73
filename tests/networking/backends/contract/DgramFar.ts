/** The far end of the contract suite for UDP: `node:dgram` behind the suite's verbs. */
import type { Socket } from "node:dgram";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { FarDatagrams, HeardDatagram } from "./Harness.ts";

export class DgramFar implements FarDatagrams {
  readonly Heard: HeardDatagram[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (data, { address, port }) => {
      this.Heard.push({ Data: Uint8Array.from(data), Host: address, Port: port });
    });
  }

  static async Start(host: string): Promise<DgramFar> {
    const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
    const far = new DgramFar(socket);
    socket.bind(0, host);
    await once(socket, "listening");
    if (host === "127.0.0.1") socket.setMulticastInterface(host);
    return far;
  }

  get Port(): number {
    return this.#socket.address().port;
  }

  Send(data: Uint8Array, port: number, host: string): void {
    this.#socket.send(data, port, host);
  }

  Stop(): void {
    this.#socket.close();
  }
}
