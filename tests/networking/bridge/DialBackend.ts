/** A backend whose lookups and connections the test answers by hand, with a clock of its own. */
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import type { IpAddress } from "../../../networking/core/IpAddress.ts";
import type {
  BackendCapabilities,
  BackendLookup,
  BackendSocket,
  ConnectOptions,
  Endpoint,
  Family,
  NetBackend,
  SocketOptions,
} from "../../../networking/core/NetBackend.ts";
import { SocketOption, SocketPhase } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../networking/core/Status.ts";
import { FakeLookup } from "../core/LookupBackend.ts";

export class FakeSocket implements BackendSocket {
  readonly Inbound: ByteRing;
  readonly Outbound: ByteRing;
  Target: ConnectOptions | null = null;
  Aborted = false;
  /** What Close was given; null before. */
  LingerMs: number | null = null;
  /** The calls without an answer, in order: "Finish", "NO_DELAY true", "OutboundChanged" ... */
  readonly Told: string[] = [];
  #peerFinished = false;
  #phase: SocketPhase = SocketPhase.IDLE;
  #failure: SocketError = SocketError.SUCCESS;
  #remote: Endpoint | null = null;
  #handler: (() => void) | null = null;

  constructor(options: SocketOptions) {
    this.Inbound = ByteRing.Create(options.InboundBufferBytes);
    this.Outbound = ByteRing.Create(options.OutboundBufferBytes);
  }

  /** The connection stands, at the address that was asked for or at another. */
  Succeed(address: IpAddress): void {
    this.#remote = { Address: address, Port: this.Target?.Port ?? 0 };
    this.#phase = SocketPhase.OPEN;
    this.#handler?.();
  }

  Fail(code: SocketError): void {
    this.#failure = code;
    this.#phase = SocketPhase.CLOSED;
    this.#handler?.();
  }

  ConnectMs(): number {
    return 0;
  }

  PausedMs(): number {
    return 0;
  }

  /** The peer sends no more. */
  FinishPeer(): void {
    this.#peerFinished = true;
    this.#handler?.();
  }

  /** The event loop turns after room came free, or bytes came in. */
  Notify(): void {
    this.#handler?.();
  }

  /** Somebody listens to it. */
  IsHeard(): boolean {
    return this.#handler !== null;
  }

  Phase(): SocketPhase {
    return this.#phase;
  }

  PeerFinished(): boolean {
    return this.#peerFinished;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Reason(): CloseReason {
    return CloseReason.NONE;
  }

  Local(): Endpoint | null {
    return this.#remote;
  }

  Remote(): Endpoint | null {
    return this.#remote;
  }

  Connect(options: ConnectOptions): void {
    this.Target = options;
    this.#phase = SocketPhase.CONNECTING;
  }

  Abort(): void {
    this.Aborted = true;
  }

  OnActivity(handler: (() => void) | null): void {
    this.#handler = handler;
  }

  OutboundChanged(): void {
    this.Told.push("OutboundChanged");
  }

  InboundChanged(): void {
    this.Told.push("InboundChanged");
  }

  Finish(): void {
    this.Told.push("Finish");
  }

  Close(lingerMs: number): void {
    this.LingerMs = lingerMs;
  }

  SetOption(option: SocketOption, value: boolean): void {
    this.Told.push(`${option === SocketOption.NO_DELAY ? "NO_DELAY" : "KEEP_ALIVE"} ${value}`);
  }
}

export class DialBackend implements NetBackend {
  readonly Name = "dial";
  readonly Capabilities: BackendCapabilities = {
    Blocking: false,
    SynchronousListen: false,
    Listen: false,
    Bind: false,
    Udp: false,
    Tls: false,
    LocalAddresses: false,
  };
  readonly Lookups: FakeLookup[] = [];
  readonly Sockets: FakeSocket[] = [];
  /** Those that are not cancelled. */
  readonly Timers: { readonly DelayMs: number; readonly Handler: () => void }[] = [];
  TimeMs = 0;

  OpenSocket(options: SocketOptions): BackendSocket {
    const socket = new FakeSocket(options);
    this.Sockets.push(socket);
    return socket;
  }

  Listen(): never {
    throw new Error("The bridge listens at no target.");
  }

  Lookup(name: string, family: Family): BackendLookup {
    const lookup = new FakeLookup(name, family);
    this.Lookups.push(lookup);
    return lookup;
  }

  LocalAddresses(): readonly IpAddress[] {
    return [];
  }

  Block(ready: () => boolean): boolean {
    return ready();
  }

  Now(): number {
    return this.TimeMs;
  }

  After(DelayMs: number, Handler: () => void): () => void {
    const timer = { DelayMs, Handler };
    this.Timers.push(timer);
    return () => {
      const at = this.Timers.indexOf(timer);
      if (at >= 0) this.Timers.splice(at, 1);
    };
  }
}
