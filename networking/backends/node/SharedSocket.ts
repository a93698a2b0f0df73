/**
 * The memory of one socket, shared by the game thread and the network thread: control words, both
 * endpoints, both rings, in one SharedArrayBuffer.
 *
 *     byte 0     phase failure reason peerFinished paused, inbound head and base, outbound tail,
 *                connectUs, secured
 *          64    dirty requests lingerMs watched, inbound tail, outbound head and base, connectAt,
 *                receiveLowWater
 *          128   local address and port, remote address and port
 *          192   inbound storage, outbound storage
 *
 * The first line is the network thread's to write, the second the game thread's (only `dirty` is
 * set by one and cleared by the other). So a poll with bytes both ways touches two cache lines
 * besides the bytes. Orders that matter: the network thread writes bytes, then `peerFinished` or
 * `phase`; endpoints are written before `phase` becomes OPEN.
 */
import { ByteRing } from "../../core/ByteRing.ts";
import type { Endpoint } from "../../core/NetBackend.ts";
import { SocketPhase } from "../../core/NetBackend.ts";
import type { SocketError } from "../../core/SocketError.ts";
import { PauseClock } from "../../core/PauseClock.ts";
import type { CloseReason } from "../../core/Status.ts";
import { LoadEndpoint, StoreEndpoint, endpointWords } from "./SharedEndpoint.ts";
import type { SharedRingsMemory } from "./SharedRings.ts";
import { AllocateRings, ViewRings } from "./SharedRings.ts";

const PHASE = 0;
const FAILURE = 1;
const REASON = 2;
const PEER_FINISHED = 3;
const PAUSED = 4;
const IN_HEAD = 5;
const IN_BASE = 6;
const OUT_TAIL = 7;
const CONNECT_US = 8;
const SECURED = 9;
const DIRTY = 16;
const REQUESTS = 17;
const LINGER = 18;
const WATCHED = 19;
const IN_TAIL = 20;
const OUT_HEAD = 21;
const OUT_BASE = 22;
const CONNECT_AT = 23;
const RECEIVE_LOW_WATER = 24;
const LOCAL = 32;
const REMOTE = LOCAL + endpointWords;
const wordBytes = 4 * 48;

const inboundWords = Object.freeze({ Head: IN_HEAD, Tail: IN_TAIL, Base: IN_BASE });
const outboundWords = Object.freeze({ Head: OUT_HEAD, Tail: OUT_TAIL, Base: OUT_BASE });

/** What the game thread asks of a socket, as bits; acted on after the bytes before it. */
export const SocketRequest = Object.freeze({ FINISH: 1, CLOSE: 2, ABORT: 4 } as const);

export class SharedSocket {
  // What each poll touches stands first, together in the cache.
  readonly #words: Int32Array;
  readonly Inbound: ByteRing;
  readonly Outbound: ByteRing;
  readonly Memory: SharedRingsMemory;
  /** Network thread: see RingWeight. */
  Weight: object | null = null;
  readonly #pause: PauseClock;

  constructor(memory: SharedRingsMemory) {
    const { Words, Inbound, Outbound } = ViewRings(memory);
    const { InboundBufferBytes, OutboundBufferBytes } = memory;
    this.Memory = memory;
    this.#words = Words;
    this.#pause = new PauseClock(nowMs, Words, PAUSED);
    this.Inbound = new ByteRing(Words, inboundWords, Inbound, InboundBufferBytes);
    this.Outbound = new ByteRing(Words, outboundWords, Outbound, OutboundBufferBytes);
  }

  /** New memory; the system commits its pages only when bytes come by. */
  static Create(inboundBufferBytes: number, outboundBufferBytes: number): SharedSocket {
    return new SharedSocket(AllocateRings(wordBytes, inboundBufferBytes, outboundBufferBytes));
  }

  Phase(): SocketPhase {
    return Atomics.load(this.#words, PHASE) as SocketPhase;
  }

  Failure(): SocketError {
    return Atomics.load(this.#words, FAILURE) as SocketError;
  }

  Reason(): CloseReason {
    return Atomics.load(this.#words, REASON) as CloseReason;
  }

  PeerFinished(): boolean {
    return Atomics.load(this.#words, PEER_FINISHED) !== 0;
  }

  SetConnecting(): void {
    Atomics.store(this.#words, CONNECT_AT, nowUs());
    Atomics.store(this.#words, PHASE, SocketPhase.CONNECTING);
  }

  SetOpen(local: Endpoint | null, remote: Endpoint | null): void {
    if (this.Phase() === SocketPhase.CONNECTING) {
      const tookUs = (nowUs() - Atomics.load(this.#words, CONNECT_AT)) | 0;
      Atomics.store(this.#words, CONNECT_US, Math.max(1, tookUs));
    }
    StoreEndpoint(this.#words, LOCAL, local);
    StoreEndpoint(this.#words, REMOTE, remote);
    Atomics.store(this.#words, PHASE, SocketPhase.OPEN);
  }

  /** Network thread, when it has posted what the handshake came to. */
  SetSecured(): void {
    Atomics.store(this.#words, SECURED, 1);
  }

  IsSecured(): boolean {
    return Atomics.load(this.#words, SECURED) !== 0;
  }

  SetPeerFinished(): void {
    Atomics.store(this.#words, PEER_FINISHED, 1);
  }

  /** The first end counts; later ones are consequences. */
  SetClosed(failure: SocketError, reason: CloseReason): void {
    if (this.Phase() === SocketPhase.CLOSED) return;
    this.#pause.Stop();
    Atomics.store(this.#words, FAILURE, failure);
    Atomics.store(this.#words, REASON, reason);
    Atomics.store(this.#words, PHASE, SocketPhase.CLOSED);
  }

  SetPaused(paused: boolean): void {
    if (paused) this.#pause.Start();
    else this.#pause.Stop();
  }

  IsPaused(): boolean {
    return this.#pause.IsRunning();
  }

  /** Milliseconds of all pauses so far. */
  PausedMs(): number {
    return this.#pause.TotalMs();
  }

  /** Milliseconds from CONNECTING to OPEN; 0 before, and for an accepted socket. */
  ConnectMs(): number {
    return Atomics.load(this.#words, CONNECT_US) / 1_000;
  }

  /** Game thread: true when the socket was not marked yet. */
  MarkDirty(): boolean {
    return Atomics.exchange(this.#words, DIRTY, 1) === 0;
  }

  /** Network thread, before it looks at rings and requests. */
  ClearDirty(): void {
    Atomics.store(this.#words, DIRTY, 0);
  }

  /** Game thread. @param request bits of SocketRequest; they add up. */
  Request(request: number, lingerMs = 0): void {
    Atomics.store(this.#words, LINGER, lingerMs);
    Atomics.or(this.#words, REQUESTS, request);
  }

  Requests(): number {
    return Atomics.load(this.#words, REQUESTS);
  }

  LingerMs(): number {
    return Atomics.load(this.#words, LINGER);
  }

  /** Game thread: see BackendSocket. */
  SetReceiveLowWater(bytes: number): void {
    Atomics.store(this.#words, RECEIVE_LOW_WATER, bytes);
  }

  /**
   * Network thread, after it wrote into the ring. The game thread sets the mark before it looks at
   * the ring, so one of the two sees what the other did.
   */
  IsEnoughInbound(): boolean {
    return this.Inbound.Used() >= Atomics.load(this.#words, RECEIVE_LOW_WATER);
  }

  SetWatched(watched: boolean): void {
    Atomics.store(this.#words, WATCHED, watched ? 1 : 0);
  }

  IsWatched(): boolean {
    return Atomics.load(this.#words, WATCHED) !== 0;
  }

  Local(): Endpoint | null {
    return this.Phase() < SocketPhase.OPEN ? null : LoadEndpoint(this.#words, LOCAL);
  }

  Remote(): Endpoint | null {
    return this.Phase() < SocketPhase.OPEN ? null : LoadEndpoint(this.#words, REMOTE);
  }
}

/** Unlike `performance.now`, the same clock in every thread. */
function nowMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** The low 32 bits: a connect takes less than the 35 minutes that they tell apart. */
function nowUs(): number {
  return Number(BigInt.asIntN(32, process.hrtime.bigint() / 1_000n));
}
