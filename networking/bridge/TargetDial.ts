/**
 * Connects to a Destination: looks its name up once, drops every answer that the policy does not
 * allow, and tries the rest one after another as literals, so no second lookup can slip another
 * address in. The time left is shared evenly by the addresses left.
 *
 * Ends once, with a socket that is OPEN or with a code; `Cancel` ends it without either.
 */
import { IpAddress } from "../core/IpAddress.ts";
import { Limits } from "../core/Limits.ts";
import type { BackendSocket, NetBackend } from "../core/NetBackend.ts";
import { SocketPhase } from "../core/NetBackend.ts";
import { SocketError } from "../core/SocketError.ts";
import type { BridgeLimits } from "./BridgeLimits.ts";
import { LookUp } from "./LookUp.ts";
import type { Destination } from "./Policy.ts";

export type DialResult = BackendSocket | SocketError;

export class TargetDial {
  readonly #backend: NetBackend;
  readonly #destination: Destination;
  readonly #ringBytes: number;
  readonly #deadlineMs: number;
  readonly #done: (result: DialResult) => void;
  #addresses: IpAddress[] = [];
  #socket: BackendSocket | null = null;
  #failure: SocketError = SocketError.POLICY_DENIED;
  #over = false;

  /** @param ringBytes of each of its two rings. @param done never called in the constructor. */
  constructor(
    backend: NetBackend,
    limits: BridgeLimits,
    destination: Destination,
    ringBytes: number,
    done: (result: DialResult) => void,
  ) {
    this.#backend = backend;
    this.#destination = destination;
    this.#ringBytes = ringBytes;
    this.#deadlineMs = backend.Now() + limits.connectTimeoutMs;
    this.#done = done;
    const { Host } = destination;
    if (Host instanceof IpAddress) {
      this.#addresses = [Host];
      this.#tryNext();
    } else {
      LookUp(backend, Host, 0, limits, (answer) => {
        this.#lookedUp(answer.Code, answer.Addresses);
      });
    }
  }

  /** Nobody wants the connection any more. */
  Cancel(): void {
    this.#over = true;
    this.#socket?.OnActivity(null);
    this.#socket?.Abort();
    this.#socket = null;
  }

  #lookedUp(code: SocketError, addresses: readonly IpAddress[]): void {
    if (this.#over) return;
    if (code !== SocketError.SUCCESS) {
      this.#end(code);
      return;
    }
    const allowed = addresses.filter((address) => this.#destination.Allows(address));
    this.#addresses = allowed.slice(0, Limits.connectMaxAddresses);
    this.#tryNext();
  }

  #tryNext(): void {
    const left = this.#addresses.length;
    const address = this.#addresses.shift();
    if (address === undefined) {
      this.#end(this.#failure);
      return;
    }
    const timeLeftMs = this.#deadlineMs - this.#backend.Now();
    if (timeLeftMs <= 0) {
      this.#end(SocketError.TIMED_OUT);
      return;
    }
    const socket = this.#backend.OpenSocket({
      InboundBufferBytes: this.#ringBytes,
      OutboundBufferBytes: this.#ringBytes,
    });
    this.#socket = socket;
    socket.OnActivity(() => this.#look(socket, address));
    const TimeoutMs = Math.ceil(timeLeftMs / left);
    socket.Connect({ Host: address, Port: this.#destination.Port, TimeoutMs, Source: null });
  }

  #look(socket: BackendSocket, address: IpAddress): void {
    if (this.#over || this.#socket !== socket) return;
    const phase = socket.Phase();
    if (phase !== SocketPhase.OPEN && phase !== SocketPhase.CLOSED) return;
    socket.OnActivity(null);
    if (phase === SocketPhase.OPEN) {
      this.#opened(socket, address);
    } else {
      this.#failure = socket.Failure();
      this.#tryNext();
    }
  }

  /** The last look at where the connection really ended up. */
  #opened(socket: BackendSocket, address: IpAddress): void {
    const remote = socket.Remote();
    if (remote !== null && remote.Address.Equals(address)) {
      this.#end(socket);
      return;
    }
    socket.Abort();
    this.#end(SocketError.POLICY_DENIED);
  }

  #end(result: DialResult): void {
    this.#over = true;
    this.#socket = null;
    this.#done(result);
  }
}
