/**
 * A listening port of the in-process network. Connections wait here, established, until they are
 * taken; past the backlog the newest is reset and counted.
 */
import type { IpAddress } from "../../core/IpAddress.ts";
import type { BackendListener, Endpoint, ListenOptions } from "../../core/NetBackend.ts";
import { ListenerPhase } from "../../core/NetBackend.ts";
import { SocketError, SocketErrorName } from "../../core/SocketError.ts";
import type { MemoryHost } from "./MemoryHost.ts";
import { MemorySocket } from "./MemorySocket.ts";
import { Notice } from "./Notice.ts";
import { IsAny } from "./PortTable.ts";

export class MemoryListener implements BackendListener {
  /** Where it listens; the wildcard means all addresses of both families. */
  readonly Address: IpAddress;
  /** 0 when it could not listen. */
  readonly Port: number;
  readonly #host: MemoryHost;
  readonly #options: ListenOptions;
  readonly #end: Endpoint | null = null;
  readonly #notice: Notice;
  #failure: SocketError = SocketError.SUCCESS;
  #untaken: MemorySocket[] = [];
  #dropped = 0;

  constructor(host: MemoryHost, options: ListenOptions) {
    const { Address, Port } = options;
    this.#host = host;
    this.#options = options;
    this.#notice = new Notice(host.Network.Clock);
    this.Address = Address;
    if (!IsAny(Address) && !host.HasAddress(Address)) {
      this.#failure = SocketError.ADDRESS_NOT_AVAILABLE;
    } else {
      this.#end = host.Ports.Take(Address, Port);
      if (this.#end === null) this.#failure = SocketError.ADDRESS_IN_USE;
      else host.Listeners.add(this);
    }
    this.Port = this.#end?.Port ?? 0;
    host.Network.Note(
      host.Name,
      `listen ${Address}:${this.Port} ${SocketErrorName(this.#failure)}`,
    );
  }

  Phase(): ListenerPhase {
    return this.#isListening() ? ListenerPhase.LISTENING : ListenerPhase.CLOSED;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Local(): Endpoint | null {
    return this.#isListening() ? this.#end : null;
  }

  Pending(): number {
    return this.#untaken.length;
  }

  Take(): MemorySocket | null {
    return this.#untaken.shift() ?? null;
  }

  Dropped(): number {
    return this.#dropped;
  }

  Close(): void {
    this.#notice.Watch(null);
    if (!this.#isListening() || this.#end === null) return;
    this.#host.Network.Note(this.#host.Name, `stop listening ${this.Address}:${this.Port}`);
    this.#host.Listeners.delete(this);
    this.#host.Ports.GiveBack(this.#end);
    for (const socket of this.#untaken) socket.Abort();
    this.#untaken = [];
  }

  OnActivity(handler: (() => void) | null): void {
    this.#notice.Watch(handler);
  }

  /** The near end of a connection to come. */
  NewSocket(): MemorySocket {
    return new MemorySocket(this.#host, this.#options);
  }

  /** The handshake is complete. */
  Offer(socket: MemorySocket): void {
    if (!this.#isListening()) return socket.Abort();
    if (this.#untaken.length < this.#options.Backlog && this.#host.Admit(socket)) {
      this.#untaken.push(socket);
    } else {
      this.#dropped++;
      socket.Abort();
    }
    this.#notice.Give();
  }

  #isListening(): boolean {
    return this.#host.Listeners.has(this);
  }
}
