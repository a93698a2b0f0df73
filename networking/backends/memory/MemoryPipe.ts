/**
 * One direction of a connection: from the sender's outbound ring, through the systems and the wire,
 * into the receiver's inbound ring.
 *
 *     Outbound --(system takes)--> packets on the wire --(arrive, in order)--> Inbound
 *        ^                                                                        |
 *        +---------- room in the window <------ acknowledgement ------------------+
 *
 * Limits: `Link.WindowBytes` on the way, acknowledgements included, so a full inbound ring stalls
 * the sender. FIN and the handshake's last packet wait in line behind the bytes; a reset overtakes
 * what waits for room. Driven by the clock's events, and woken by the sockets at both ends.
 */
import { SocketError } from "../../core/SocketError.ts";
import { CloseReason } from "../../core/Status.ts";
import type { MemoryNetwork } from "./MemoryNetwork.ts";
import type { MemorySocket } from "./MemorySocket.ts";
import type { VirtualClock } from "./VirtualClock.ts";

interface Packet {
  readonly bytes: Uint8Array;
  readonly leavesMs: number;
  readonly arrivesMs: number;
  /** For a packet without bytes: what it says. */
  readonly tell: (() => void) | null;
}

/** Largest piece on the wire: Ethernet's 1,500 bytes without the headers of IP and TCP. */
const segmentBytes = 1_460;
/** After a short read or write the next one follows within this, at random. */
const gapMs = 1;
/** A system sends again for this long before it gives a silent peer up (tcp(7), tcp_retries2). */
export const giveUpMs = 900_000;

const none = new Uint8Array(0);

export class MemoryPipe {
  readonly #source: MemorySocket;
  readonly #sink: MemorySocket;
  readonly #path: readonly [string, string];
  readonly #packets: Packet[] = [];
  /** Bytes of the first packet that are in the ring already. */
  #consumed = 0;
  /** Bytes taken and not acknowledged. */
  #underWay = 0;
  #busyUntilMs = 0;
  #lastArrivalMs = 0;
  #finished = false;
  /** The source sends nothing any more. */
  #isOver = false;
  #isCut = false;
  #nextWrite: (() => void) | null = null;
  #nextRead: (() => void) | null = null;
  #givingUp: (() => void) | null = null;

  /** @param path the addresses of both ends, as texts. */
  constructor(source: MemorySocket, sink: MemorySocket, path: readonly [string, string]) {
    this.#source = source;
    this.#sink = sink;
    this.#path = path;
  }

  /** There is something to send; the system looks at the ring in `delayMs`. */
  WakeSource(delayMs = 0): void {
    if (this.#isOver) return;
    this.#nextWrite ??= this.#clock().Schedule(delayMs, () => this.#write());
  }

  /** There is room in the inbound ring again, or nobody wants the bytes any more. */
  WakeSink(delayMs = 0): void {
    const first = this.#packets[0];
    if (first === undefined) return;
    const waitMs = Math.max(delayMs, first.arrivesMs - this.#clock().Now());
    this.#nextRead ??= this.#clock().Schedule(waitMs, () => this.#read());
  }

  /** Sends a packet without bytes, in line. */
  Tell(tell: () => void): void {
    this.#send(none, tell);
  }

  /** The source resets: what has not left is lost, and what waits for room at the far end, too. */
  Reset(): void {
    const now = this.#clock().Now();
    const left = this.#packets.filter(({ leavesMs }) => leavesMs <= now);
    this.#packets.splice(0, Infinity, ...left);
    if (left.length === 0) this.Lose();
    const arrivesMs = Math.max(now + this.#travelMs(), left.at(-1)?.arrivesMs ?? 0);
    this.#carry(arrivesMs - now, () => {
      this.#nextRead?.();
      this.#read(); // what arrives at the same moment was sent before
      this.Lose();
      this.#sink.OnReset();
    });
  }

  /** Nothing arrives any more, and nobody is told. */
  Cut(): void {
    this.#isCut = true;
    this.Lose();
    if (this.#underWay > 0 || this.#finished) this.#doubt();
  }

  /** What is on the wire is lost. */
  Lose(): void {
    this.#packets.length = 0;
    this.#consumed = 0;
    this.#nextRead?.();
    this.#nextRead = null;
  }

  /** The source sends nothing any more; what is on the wire arrives. */
  SourceEnded(): void {
    this.#isOver = true;
    this.#nextWrite?.();
    this.#nextWrite = null;
    this.#givingUp?.();
    this.#givingUp = null;
  }

  #write(): void {
    this.#nextWrite = null;
    const { Outbound } = this.#source;
    const { WindowBytes, WriteBytes } = this.#source.Host.Link();
    const room = Math.min(Outbound.Used(), WindowBytes - this.#underWay);
    if (room > 0) this.#take(this.#some(room, WriteBytes));
    if (Outbound.Used() > 0) {
      if (this.#underWay < WindowBytes) this.WakeSource(this.#gapMs());
    } else if (this.#source.IsFinishing() && !this.#finished) {
      this.#finished = true;
      this.Tell(() => this.#sink.OnPeerFinished());
      if (this.#isCut) this.#doubt();
      this.#source.OnFinishSent();
    }
  }

  /** The system takes bytes from the ring. */
  #take(count: number): void {
    this.#note(`send ${count}`);
    for (let rest = count; rest > 0;) {
      const bytes = new Uint8Array(Math.min(rest, segmentBytes));
      this.#source.Outbound.Read(bytes);
      this.#send(bytes, null);
      rest -= bytes.length;
    }
    this.#underWay += count;
    if (this.#isCut) this.#doubt();
    this.#source.OnSent();
  }

  #send(bytes: Uint8Array, tell: (() => void) | null): void {
    if (this.#isCut) return;
    const link = this.#source.Host.Link();
    const leavesMs = Math.max(this.#clock().Now(), this.#busyUntilMs);
    this.#busyUntilMs = leavesMs + (1_000 * bytes.length) / link.BytesPerSecond;
    const arrivesMs = Math.max(this.#busyUntilMs + this.#travelMs(), this.#lastArrivalMs);
    this.#lastArrivalMs = arrivesMs;
    this.#packets.push({ bytes, leavesMs, arrivesMs, tell });
    this.WakeSink();
  }

  /** The receiving system moves on what has arrived. */
  #read(): void {
    this.#nextRead = null;
    const heldMs = this.#network().HeldMs(this.#path);
    if (heldMs > 0) return this.WakeSink(heldMs);
    const link = this.#source.Host.Link();
    let most = this.#some(link.WindowBytes, link.ReadBytes);
    for (let first = this.#due(); first !== null && most > 0; first = this.#due()) {
      if (first.tell === null) {
        const count = this.#deliver(first.bytes, most);
        if (count === 0) return; // a full ring: InboundChanged wakes
        most -= count;
      } else {
        this.#packets.shift();
        first.tell();
      }
    }
    this.WakeSink(most === 0 ? this.#gapMs() : 0);
  }

  /** The packet that has arrived. */
  #due(): Packet | null {
    const first = this.#packets[0];
    return first !== undefined && first.arrivesMs <= this.#clock().Now() ? first : null;
  }

  /** Moves some of the first packet into the ring. @returns how many bytes */
  #deliver(bytes: Uint8Array, most: number): number {
    const end = Math.min(bytes.length, this.#consumed + most);
    const count = this.#sink.Receive(bytes, this.#consumed, end);
    if (count === 0) return 0;
    this.#note(`arrive ${count}`);
    this.#consumed += count;
    if (this.#consumed === bytes.length) {
      this.#packets.shift();
      this.#consumed = 0;
    }
    this.#carry(this.#network().TravelMs(this.#sink.Host.Link()), () => {
      this.#underWay -= count;
      this.WakeSource();
    });
    return count;
  }

  #carry(delayMs: number, arrive: () => void): void {
    this.#network().Carry(this.#path, delayMs, () => !this.#isCut, arrive);
  }

  /** Nobody acknowledges: the source ends by itself when its system gives up. */
  #doubt(): void {
    if (this.#source.HasEnded()) return;
    this.#givingUp ??= this.#clock().Schedule(giveUpMs, () => {
      this.#source.Fail(SocketError.TIMED_OUT, CloseReason.TIMEOUT);
    });
  }

  /** All of `room`, or with a limit some of it at random. */
  #some(room: number, limit: number): number {
    if (limit === Infinity) return room;
    return this.#network().Random.Integer(1, Math.min(room, limit));
  }

  #gapMs(): number {
    return this.#network().Random.Next() * gapMs;
  }

  #travelMs(): number {
    return this.#network().TravelMs(this.#source.Host.Link());
  }

  #note(what: string): void {
    this.#network().Note(this.#source.Label, what);
  }

  #network(): MemoryNetwork {
    return this.#source.Host.Network;
  }

  #clock(): VirtualClock {
    return this.#network().Clock;
  }
}
