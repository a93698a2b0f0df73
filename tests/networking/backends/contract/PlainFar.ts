/** The far end of the contract suite on real sockets: `node:net` behind the suite's verbs. */
import type { PlainPeer } from "../../../Support/PlainPeer.ts";
import { ConnectPlain, PlainServer } from "../../../Support/PlainPeer.ts";
import type { FarPeer, FarServer } from "./Harness.ts";

export class PlainFar implements FarPeer {
  readonly #plain: PlainPeer;
  #begun: boolean;

  /** @param reading it reads already. */
  constructor(plain: PlainPeer, reading: boolean) {
    this.#plain = plain;
    this.#begun = reading;
  }

  get RemotePort(): number {
    return this.#plain.Socket.remotePort ?? 0;
  }

  Send(data: Uint8Array): void {
    this.#plain.Send(data);
  }

  Finish(): void {
    this.#plain.Socket.end();
  }

  Reset(): void {
    this.#plain.Socket.resetAndDestroy();
  }

  StopReading(): void {
    this.#plain.Socket.pause();
  }

  Read(): void {
    if (this.#begun) this.#plain.Socket.resume();
    else this.#plain.Read();
    this.#begun = true;
  }

  Received(): Uint8Array {
    return Uint8Array.from(this.#plain.Received);
  }

  ReceivedCount(): number {
    return this.#plain.Received.length;
  }

  IsFinished(): boolean {
    return this.#plain.Ended;
  }

  WasReset(): boolean {
    // A reset that comes after FIN is noticed by the next write only, and told as a broken pipe.
    return this.#plain.Failure === "ECONNRESET" || this.#plain.Failure === "EPIPE";
  }
}

export class PlainFarServer implements FarServer {
  readonly #server: PlainServer;
  readonly #reading: boolean;
  readonly #peers: FarPeer[] = [];

  private constructor(server: PlainServer, reading: boolean) {
    this.#server = server;
    this.#reading = reading;
  }

  static async Start(host: string, reading: boolean): Promise<PlainFarServer> {
    return new PlainFarServer(await PlainServer.Start(host, reading), reading);
  }

  get Port(): number {
    return this.#server.Port;
  }

  get Peers(): readonly FarPeer[] {
    for (const plain of this.#server.Peers.slice(this.#peers.length)) {
      this.#peers.push(new PlainFar(plain, this.#reading));
    }
    return this.#peers;
  }

  Stop(): void {
    this.#server.Stop();
  }
}

export function ConnectPlainFar(port: number, host: string): FarPeer {
  return new PlainFar(ConnectPlain(port, host), true);
}
