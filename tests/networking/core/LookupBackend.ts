/**
 * A backend of lookups only, for the tests of Resolver and Ip: the test ends each lookup by
 * hand and moves the clock. `OnBlock` stands for what the network does while a blocking call
 * waits.
 */
import type { IpAddress } from "../../../networking/core/IpAddress.ts";
import type {
  BackendCapabilities,
  BackendListener,
  BackendLookup,
  BackendSocket,
  Family,
  NetBackend,
} from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";

export class FakeLookup implements BackendLookup {
  readonly Name: string;
  readonly Family: Family;
  #done = false;
  #failure: SocketError = SocketError.SUCCESS;
  #addresses: readonly IpAddress[] = [];
  readonly #handlers: (() => void)[] = [];

  constructor(name: string, family: Family) {
    this.Name = name;
    this.Family = family;
  }

  /** Records an answer, as a backend does in the middle of a tick; handlers wait for `Notify`. */
  Record(addresses: readonly IpAddress[]): void {
    this.#done = true;
    this.#addresses = addresses;
  }

  RecordFailure(code: SocketError): void {
    this.#done = true;
    this.#failure = code;
  }

  /** The event loop turns: handlers run. */
  Notify(): void {
    for (const handler of this.#handlers.splice(0)) handler();
  }

  Done(): boolean {
    return this.#done;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Addresses(): readonly IpAddress[] {
    return this.#addresses;
  }

  OnDone(handler: () => void): void {
    this.#handlers.push(handler);
  }
}

export class LookupBackend implements NetBackend {
  readonly Name = "lookups";
  readonly Capabilities: BackendCapabilities;
  /** All that were started, in order. */
  readonly Lookups: FakeLookup[] = [];
  /** The limits of the blocking calls. */
  readonly Waits: number[] = [];
  OnBlock: () => void = () => undefined;
  Local: readonly IpAddress[] = [];
  TimeMs = 0;

  constructor(blocking: boolean) {
    this.Capabilities = {
      Blocking: blocking,
      SynchronousListen: false,
      Listen: false,
      Bind: false,
      Udp: false,
      Tls: false,
      LocalAddresses: true,
    };
  }

  Lookup(name: string, family: Family): BackendLookup {
    const lookup = new FakeLookup(name, family);
    this.Lookups.push(lookup);
    return lookup;
  }

  /** One of those that were started. */
  Started(index: number): FakeLookup {
    const started = this.Lookups[index];
    if (started === undefined) throw new Error(`Lookup ${index} was never started.`);
    return started;
  }

  Block(ready: () => boolean, timeoutMs: number): boolean {
    this.Waits.push(timeoutMs);
    this.OnBlock();
    return ready();
  }

  LocalAddresses(): readonly IpAddress[] {
    return this.Local;
  }

  Now(): number {
    return this.TimeMs;
  }

  After(): () => void {
    throw new Error("Lookups need no timers.");
  }

  OpenSocket(): BackendSocket {
    throw new Error("This backend has no sockets.");
  }

  Listen(): BackendListener {
    throw new Error("This backend has no listeners.");
  }
}
