/**
 * The memory of one UDP socket, shared by the game thread and the network thread: control words,
 * both endpoints, both rings of datagrams, in one SharedArrayBuffer.
 *
 *     byte 0     answered result closed failure complaint dropped refused,
 *                inbound head, base and written, outbound tail and read
 *          64    dirty closeRequest lingerMs watched,
 *                inbound tail and read, outbound head, base and written
 *          128   local address and port, remote address and port
 *          192   inbound storage, outbound storage
 *
 * The first line is the network thread's to write, the second the game thread's, except `dirty`
 * and `complaint`, which one side sets and the other clears. Endpoints are written before
 * `answered` counts the answer that they belong to.
 */
import { DatagramRing } from "../../core/DatagramRing.ts";
import type { Endpoint } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import { LoadEndpoint, StoreEndpoint, endpointWords } from "./SharedEndpoint.ts";
import type { SharedRingsMemory } from "./SharedRings.ts";
import { AllocateRings, ViewRings } from "./SharedRings.ts";

const ANSWERED = 0;
const RESULT = 1;
const CLOSED = 2;
const FAILURE = 3;
const COMPLAINT = 4;
const DROPPED = 5;
const REFUSED = 6;
const IN_HEAD = 7;
const IN_BASE = 8;
const IN_WRITTEN = 9;
const OUT_TAIL = 10;
const OUT_READ = 11;
const DIRTY = 16;
const CLOSE_REQUEST = 17;
const LINGER = 18;
const WATCHED = 19;
const IN_TAIL = 20;
const IN_READ = 21;
const OUT_HEAD = 22;
const OUT_BASE = 23;
const OUT_WRITTEN = 24;
const LOCAL = 32;
const REMOTE = LOCAL + endpointWords;
const wordBytes = 4 * 48;

const inboundWords = Object.freeze({
  Head: IN_HEAD,
  Tail: IN_TAIL,
  Base: IN_BASE,
  Written: IN_WRITTEN,
  Read: IN_READ,
});
const outboundWords = Object.freeze({
  Head: OUT_HEAD,
  Tail: OUT_TAIL,
  Base: OUT_BASE,
  Written: OUT_WRITTEN,
  Read: OUT_READ,
});

export class SharedDatagram {
  readonly Memory: SharedRingsMemory;
  readonly Inbound: DatagramRing;
  readonly Outbound: DatagramRing;
  readonly #words: Int32Array;

  constructor(memory: SharedRingsMemory) {
    const { Words, Inbound, Outbound } = ViewRings(memory);
    const { InboundBufferBytes, OutboundBufferBytes } = memory;
    this.Memory = memory;
    this.#words = Words;
    this.Inbound = new DatagramRing(Words, inboundWords, Inbound, InboundBufferBytes);
    this.Outbound = new DatagramRing(Words, outboundWords, Outbound, OutboundBufferBytes);
  }

  /** New memory; the system commits its pages only when datagrams come by. */
  static Create(inboundBufferBytes: number, outboundBufferBytes: number): SharedDatagram {
    return new SharedDatagram(AllocateRings(wordBytes, inboundBufferBytes, outboundBufferBytes));
  }

  /** Network thread: answers the oldest question that has no answer yet. */
  Answer(result: SocketError): void {
    Atomics.store(this.#words, RESULT, result);
    Atomics.add(this.#words, ANSWERED, 1);
  }

  /** Questions that were answered; `Result` is the latest answer. */
  Answered(): number {
    return Atomics.load(this.#words, ANSWERED);
  }

  Result(): SocketError {
    return Atomics.load(this.#words, RESULT) as SocketError;
  }

  /** The first end counts; later ones are consequences. */
  SetClosed(failure: SocketError): void {
    if (this.IsClosed()) return;
    Atomics.store(this.#words, FAILURE, failure);
    Atomics.store(this.#words, CLOSED, 1);
  }

  IsClosed(): boolean {
    return Atomics.load(this.#words, CLOSED) !== 0;
  }

  Failure(): SocketError {
    return Atomics.load(this.#words, FAILURE) as SocketError;
  }

  /** Network thread: before the answer that they belong to. */
  SetEndpoints(local: Endpoint, remote: Endpoint | null): void {
    StoreEndpoint(this.#words, LOCAL, local);
    StoreEndpoint(this.#words, REMOTE, remote);
  }

  Local(): Endpoint | null {
    return LoadEndpoint(this.#words, LOCAL);
  }

  Remote(): Endpoint | null {
    return LoadEndpoint(this.#words, REMOTE);
  }

  /** Network thread: the latest complaint counts. */
  Complain(complaint: SocketError): void {
    Atomics.store(this.#words, COMPLAINT, complaint);
  }

  /** Game thread: gives it once. */
  TakeComplaint(): SocketError {
    if (Atomics.load(this.#words, COMPLAINT) === SocketError.SUCCESS) return SocketError.SUCCESS;
    return Atomics.exchange(this.#words, COMPLAINT, SocketError.SUCCESS) as SocketError;
  }

  CountDropped(): void {
    Atomics.add(this.#words, DROPPED, 1);
  }

  Dropped(): number {
    return Atomics.load(this.#words, DROPPED) >>> 0;
  }

  CountRefused(): void {
    Atomics.add(this.#words, REFUSED, 1);
  }

  Refused(): number {
    return Atomics.load(this.#words, REFUSED) >>> 0;
  }

  /** Game thread: true when the socket was not marked yet. */
  MarkDirty(): boolean {
    return Atomics.exchange(this.#words, DIRTY, 1) === 0;
  }

  /** Network thread, before it looks at the outbound ring and the request. */
  ClearDirty(): void {
    Atomics.store(this.#words, DIRTY, 0);
  }

  /** Game thread: to be closed when the outbound ring is empty, after `lingerMs` at the latest. */
  RequestClose(lingerMs: number): void {
    Atomics.store(this.#words, LINGER, lingerMs);
    Atomics.store(this.#words, CLOSE_REQUEST, 1);
  }

  IsCloseRequested(): boolean {
    return Atomics.load(this.#words, CLOSE_REQUEST) !== 0;
  }

  LingerMs(): number {
    return Atomics.load(this.#words, LINGER);
  }

  SetWatched(watched: boolean): void {
    Atomics.store(this.#words, WATCHED, watched ? 1 : 0);
  }

  IsWatched(): boolean {
    return Atomics.load(this.#words, WATCHED) !== 0;
  }
}
