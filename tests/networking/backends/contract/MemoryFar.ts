/** The far end of the contract suite in the in-process network, on bare sockets of its backend. */
import type { MemoryBackend } from "../../../../networking/backends/memory/MemoryBackend.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { BackendListener, BackendSocket } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Join } from "./Bytes.ts";
import type { FarPeer, FarServer } from "./Harness.ts";

const buffers = { InboundBufferBytes: 65_536, OutboundBufferBytes: 65_536 };

export class MemoryFar implements FarPeer {
  readonly #socket: BackendSocket;
  readonly #waiting: Uint8Array[] = [];
  readonly #heard: Uint8Array[] = [];
  #heardCount = 0;
  #reading: boolean;
  #finishing = false;

  constructor(socket: BackendSocket, reading: boolean) {
    this.#socket = socket;
    this.#reading = reading;
    socket.OnActivity(() => this.#move());
  }

  get RemotePort(): number {
    return this.#socket.Remote()?.Port ?? 0;
  }

  Send(data: Uint8Array): void {
    this.#waiting.push(data);
    this.#move();
  }

  Finish(): void {
    this.#finishing = true;
    this.#move();
  }

  Reset(): void {
    this.#socket.Abort();
  }

  StopReading(): void {
    this.#reading = false;
  }

  Read(): void {
    this.#reading = true;
    this.#move();
  }

  Received(): Uint8Array {
    return Join(this.#heard);
  }

  ReceivedCount(): number {
    return this.#heardCount;
  }

  IsFinished(): boolean {
    return this.#socket.PeerFinished() && this.#socket.Inbound.Used() === 0;
  }

  WasReset(): boolean {
    return this.#socket.Failure() === SocketError.CONNECTION_RESET;
  }

  #move(): void {
    const { Inbound, Outbound } = this.#socket;
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const taken = Outbound.Write(first);
      if (taken < first.length) {
        this.#waiting[0] = first.subarray(taken);
        break;
      }
      this.#waiting.shift();
    }
    this.#socket.OutboundChanged();
    if (this.#finishing && this.#waiting.length === 0) this.#socket.Finish();
    if (!this.#reading) return;
    const piece = new Uint8Array(Inbound.Used());
    if (piece.length === 0) return;
    Inbound.Read(piece);
    this.#heard.push(piece);
    this.#heardCount += piece.length;
    this.#socket.InboundChanged();
  }
}

export class MemoryFarServer implements FarServer {
  readonly Port: number;
  readonly #listener: BackendListener;
  readonly #reading: boolean;
  readonly #peers: MemoryFar[] = [];

  constructor(backend: MemoryBackend, host: string, reading: boolean) {
    const Address = new IpAddress(host);
    this.#listener = backend.Listen({ Address, Port: 0, Backlog: 128, ...buffers });
    this.#reading = reading;
    this.Port = this.#listener.Local()?.Port ?? 0;
  }

  get Peers(): readonly FarPeer[] {
    for (let taken = this.#listener.Take(); taken !== null; taken = this.#listener.Take()) {
      this.#peers.push(new MemoryFar(taken, this.#reading));
    }
    return this.#peers;
  }

  Stop(): void {
    for (const peer of this.#peers) peer.Reset();
    this.#listener.Close();
  }
}

export function ConnectMemoryFar(backend: MemoryBackend, port: number, host: string): MemoryFar {
  const socket = backend.OpenSocket(buffers);
  socket.Connect({ Host: new IpAddress(host), Port: port, TimeoutMs: 10_000, Source: null });
  return new MemoryFar(socket, true);
}
