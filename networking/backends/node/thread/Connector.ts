/**
 * One outgoing connection: lookup, then attempts side by side, inside one deadline.
 *
 * Happy eyeballs in the manner of RFC 8305: addresses of both families in turn, a new attempt
 * every 250 ms or as soon as the one before failed; the first to connect wins and the rest are
 * destroyed. (Node's own `autoSelectFamily` gives an attempt up before it starts the next one, so
 * a slow network fails where this one connects.)
 */
import type { Socket } from "node:net";
import { connect, isIP } from "node:net";
import { FamiliesInTurn } from "../../../core/AddressOrder.ts";
import { Limits } from "../../../core/Limits.ts";
import { SocketError } from "../../../core/SocketError.ts";
import type { EndpointText } from "../Commands.ts";
import { AddressOf } from "../Endpoints.ts";
import { SocketErrorOf } from "./Errno.ts";
import type { ReadSink } from "./ReadBuffer.ts";
import { OnRead } from "./ReadBuffer.ts";
import { LookUp } from "./ThreadResolver.ts";

export interface ConnectorOptions {
  readonly Host: string;
  readonly IsLiteral: boolean;
  readonly Port: number;
  readonly TimeoutMs: number;
  readonly Source: EndpointText | null;
  readonly Sink: ReadSink;
  readonly OnConnected: (socket: Socket) => void;
  readonly OnFailed: (failure: SocketError) => void;
}

export class Connector {
  readonly #options: ConnectorOptions;
  readonly #attempts = new Set<Socket>();
  readonly #deadline: NodeJS.Timeout;
  #stagger: NodeJS.Timeout | null = null;
  #addresses: string[] = [];
  #failure: SocketError = SocketError.CONNECT_FAILED;
  #over = false;

  constructor(options: ConnectorOptions) {
    this.#options = options;
    this.#deadline = setTimeout(() => this.#fail(SocketError.TIMED_OUT), options.TimeoutMs);
    if (options.IsLiteral) this.#begin([options.Host]);
    else LookUp(options.Host, 0, (failure, addresses) => this.#onLookup(failure, addresses));
  }

  /** Stops everything; neither handler is called any more. */
  Cancel(): void {
    this.#over = true;
    clearTimeout(this.#deadline);
    if (this.#stagger !== null) clearTimeout(this.#stagger);
    for (const attempt of this.#attempts) attempt.destroy();
    this.#attempts.clear();
  }

  #onLookup(failure: SocketError, addresses: readonly string[]): void {
    if (this.#over) return;
    if (failure !== SocketError.SUCCESS) return this.#fail(failure);
    const usable = reachableFrom(this.#options.Source, addresses);
    if (usable.length === 0) return this.#fail(SocketError.ADDRESS_NOT_AVAILABLE);
    this.#begin(FamiliesInTurn(usable, isIpv4).slice(0, Limits.connectMaxAddresses));
  }

  #begin(addresses: string[]): void {
    this.#addresses = addresses;
    this.#next();
  }

  #next(): void {
    if (this.#stagger !== null) clearTimeout(this.#stagger);
    this.#stagger = null;
    const address = this.#addresses.shift();
    if (address === undefined) {
      if (this.#attempts.size === 0) this.#fail(this.#failure);
      return;
    }
    this.#attempt(address);
    if (this.#addresses.length > 0 && !this.#over) {
      this.#stagger = setTimeout(() => this.#next(), Limits.connectStaggerMs);
    }
  }

  #attempt(address: string): void {
    const { Port, Source } = this.#options;
    const socket = connect({
      host: address,
      port: Port,
      noDelay: true,
      allowHalfOpen: true,
      autoSelectFamily: false,
      onread: OnRead(this.#options.Sink),
      ...(Source !== null && Source.Address !== "" ? { localAddress: Source.Address } : {}),
      ...(Source !== null && Source.Port !== 0 ? { localPort: Source.Port } : {}),
    });
    this.#attempts.add(socket);
    const onConnect = (): void => {
      socket.off("error", onError);
      this.#attempts.delete(socket);
      this.Cancel();
      this.#options.OnConnected(socket);
    };
    const onError = (error: Error): void => {
      this.#attempts.delete(socket);
      this.#note(SocketErrorOf(error, SocketError.CONNECT_FAILED));
      if (!this.#over) this.#next();
    };
    socket.once("connect", onConnect);
    socket.on("error", onError);
  }

  /** Of several failures the caller hears the one that says most: "unreachable" says least. */
  #note(failure: SocketError): void {
    const silent = this.#failure === SocketError.CONNECT_FAILED;
    if (silent || this.#failure === SocketError.HOST_UNREACHABLE) this.#failure = failure;
  }

  #fail(failure: SocketError): void {
    if (this.#over) return;
    this.Cancel();
    this.#options.OnFailed(failure);
  }
}

/** A source address reaches only its own family. */
function reachableFrom(
  source: EndpointText | null,
  addresses: readonly string[],
): readonly string[] {
  if (source === null || source.Address === "") return addresses;
  const family = isIP(source.Address);
  return addresses.filter((address) => isIP(address) === family);
}

function isIpv4(address: string): boolean {
  return AddressOf(address).IsIpv4();
}
