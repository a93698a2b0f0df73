/**
 * The network thread's half of a UDP socket: moves datagrams between the system and the two rings,
 * whole or not at all, and answers what the game thread asks. Driven by Node's socket events and by
 * `Serve`, when the game thread listed the socket as dirty.
 *
 * Inbound: what finds no room in the ring is dropped and counted, as the system itself does it.
 * Outbound: one datagram after the other is handed to the system. When the system cannot take one
 * at once, that one waits in Node's queue and the others in the ring.
 * An error of the system (an ICMP "port unreachable" comes as one) is a complaint, not an end.
 */
import type { RemoteInfo, Socket } from "node:dgram";
import { createSocket } from "node:dgram";
import { isIPv4 } from "node:net";
import { Limits } from "../../../core/Limits.ts";
import { SocketError } from "../../../core/SocketError.ts";
import type { DatagramChange, EndpointText } from "../Commands.ts";
import { AddressOf } from "../Endpoints.ts";
import type { SharedDatagram } from "../SharedDatagram.ts";
import { DatagramBytesOf, DatagramTargetOf } from "./DatagramAddresses.ts";
import { SocketErrorOf } from "./Errno.ts";
import { MulticastInterface } from "./MulticastInterface.ts";
import type { Outbox } from "./Outbox.ts";

export interface ThreadDatagramOptions {
  readonly Id: number;
  /** "" receives at all addresses of both families. */
  readonly Address: string;
  readonly Port: number;
  readonly ReuseAddress: boolean;
  readonly Broadcast: boolean;
  readonly Shared: SharedDatagram;
  readonly Outbox: Outbox;
  readonly OnEnded: (id: number) => void;
}

/** What is being sent, of all sockets: the system copies it before `send` returns. */
let sending = new Uint8Array(Limits.maxDatagramBytes);

export class ThreadDatagram {
  readonly #options: ThreadDatagramOptions;
  readonly #shared: SharedDatagram;
  #socket: Socket | null = null;
  #isIpv6 = false;
  #isBound = false;
  #triedDualStack: boolean;
  /** Once connected: the only sender whose datagrams count. */
  #peer: Pick<RemoteInfo, "address" | "port"> | null = null;
  /** A datagram waits in Node's queue. */
  #isStalled = false;
  /** The game thread let go: what is in the outbound ring goes out, then it is over. */
  #isLeaving = false;
  #lingerTimer: NodeJS.Timeout | null = null;
  #isEnded = false;

  constructor(options: ThreadDatagramOptions) {
    this.#options = options;
    this.#shared = options.Shared;
    this.#triedDualStack = options.Address !== "";
  }

  Bind(): void {
    this.#bind(this.#triedDualStack ? this.#options.Address : "::");
  }

  /** The game thread sent something or let go. */
  Serve(): void {
    this.#shared.ClearDirty();
    if (this.#isEnded) return;
    if (this.#shared.IsCloseRequested() && !this.#isLeaving) this.#leave();
    this.#pump();
  }

  /** What the game thread waits for; exactly one answer follows. */
  Change(change: DatagramChange): void {
    switch (change.Kind) {
      case "connect":
        return this.#connect(change.Remote);
      case "broadcast":
        return this.#answer(attempt(() => this.#socket?.setBroadcast(change.Enabled)));
      case "membership":
        return this.#answer(this.#setMembership(change));
    }
  }

  /** One exit for every end; later calls do nothing. */
  Fail(failure: SocketError): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#lingerTimer !== null) clearTimeout(this.#lingerTimer);
    this.#socket?.close();
    this.#shared.SetClosed(failure);
    this.#changed();
    this.#options.Outbox.Ended(this.#options.Id);
    this.#options.OnEnded(this.#options.Id);
    if (!this.#isBound) this.#answer(failure);
  }

  #bind(address: string): void {
    this.#isIpv6 = !isIPv4(address);
    const socket = createSocket({
      type: this.#isIpv6 ? "udp6" : "udp4",
      ipv6Only: this.#options.Address === "::",
      reuseAddr: this.#options.ReuseAddress,
      // Addresses are literals here; a lookup would put each datagram off to a later turn.
      lookup: (literal, _options, callback) => callback(null, literal, 0),
    });
    this.#socket = socket;
    socket.on("listening", () => this.#onBound(socket));
    socket.on("message", (payload, from) => this.#onMessage(payload, from));
    socket.on("error", (error) => this.#onError(error));
    // Not shared with other processes of a cluster.
    socket.bind({ address, port: this.#options.Port, exclusive: true });
  }

  #onBound(socket: Socket): void {
    this.#isBound = true;
    // The system's own buffer bridges the time until the thread reads: no smaller than the ring,
    // as far as the system allows. Its default holds some 250 small datagrams.
    const wanted = this.#shared.Memory.InboundBufferBytes;
    if (wanted > socket.getRecvBufferSize()) attempt(() => socket.setRecvBufferSize(wanted));
    if (this.#options.Broadcast) attempt(() => socket.setBroadcast(true));
    const { address, port } = socket.address();
    this.#shared.SetEndpoints({ Address: AddressOf(address), Port: port }, null);
    this.#answer(SocketError.SUCCESS);
    // The game thread may have let go already, and a wake before this have passed it by.
    this.Serve();
  }

  #onMessage(payload: Uint8Array, from: RemoteInfo): void {
    if (this.#isLeaving) return;
    const peer = this.#peer;
    // The system may hold datagrams of others from before the connect.
    if (peer !== null && (from.port !== peer.port || from.address !== peer.address)) return;
    if (!this.#shared.Inbound.Put(payload, DatagramBytesOf(from.address), from.port)) {
      this.#shared.CountDropped();
    }
    this.#changed();
  }

  #onError(error: Error): void {
    if (this.#isBound) return this.#complain(error);
    const failure = SocketErrorOf(error, SocketError.BIND_FAILED);
    if (failure !== SocketError.ADDRESS_NOT_AVAILABLE || this.#triedDualStack) {
      return this.Fail(failure);
    }
    this.#triedDualStack = true; // a machine without IPv6
    this.#socket?.close();
    this.#bind("0.0.0.0");
  }

  #complain(error: Error): void {
    this.#shared.Complain(SocketErrorOf(error, SocketError.FAILED));
    this.#changed();
  }

  /**
   * Sends what is in the ring now. What is put meanwhile lists the socket again, so the others get
   * their turn.
   */
  #pump(): void {
    const { Outbound } = this.#shared;
    const socket = this.#socket;
    if (socket === null || this.#isStalled || this.#isEnded) return;
    const count = Outbound.Count();
    for (let left = count; left > 0 && !this.#isStalled; left--) this.#sendNext(socket);
    if (count > 0) this.#changed();
    if (this.#isLeaving && !this.#isStalled) this.Fail(SocketError.SUCCESS);
  }

  #sendNext(socket: Socket): void {
    const { Outbound } = this.#shared;
    Outbound.Next();
    const { Port, Address } = Outbound;
    const count = Outbound.Take(sending);
    if (this.#peer !== null && Port === 0) socket.send(sending, 0, count, this.#onSent);
    else if (this.#peer === null && Port !== 0) {
      const target = DatagramTargetOf(Address, this.#isIpv6);
      socket.send(sending, 0, count, Port, target, this.#onSent);
    } else this.#shared.CountRefused(); // put before a connect that came first: nowhere to go
    if (socket.getSendQueueCount() === 0) return;
    this.#isStalled = true;
    sending = new Uint8Array(Limits.maxDatagramBytes); // the queue keeps the old one
  }

  readonly #onSent = (error: Error | null): void => {
    if (this.#isEnded) return;
    if (error !== null) {
      this.#shared.CountRefused();
      this.#complain(error);
    }
    if (!this.#isStalled || this.#socket?.getSendQueueCount() !== 0) return;
    this.#isStalled = false;
    this.#pump();
  };

  #connect(remote: EndpointText): void {
    const socket = this.#socket;
    this.#pump(); // what was sent before goes where it was meant to go
    const target = DatagramTargetOf(DatagramBytesOf(remote.Address), this.#isIpv6);
    socket?.connect(remote.Port, target, (error?: Error) => {
      if (error) return this.#answer(SocketErrorOf(error, SocketError.CONNECT_FAILED));
      const [own, peer] = [socket.address(), socket.remoteAddress()];
      this.#peer = peer;
      this.#shared.SetEndpoints(
        { Address: AddressOf(own.address), Port: own.port },
        { Address: AddressOf(peer.address), Port: peer.port },
      );
      this.#answer(SocketError.SUCCESS);
    });
  }

  #setMembership({
    Group,
    Interface,
    Member,
  }: DatagramChange & { Kind: "membership" }): SocketError {
    const where = MulticastInterface(Group, Interface);
    if (where === null) return SocketError.ADDRESS_NOT_AVAILABLE;
    return attempt(() => {
      if (Member) this.#socket?.addMembership(Group, where);
      else this.#socket?.dropMembership(Group, where);
    });
  }

  #leave(): void {
    const lingerMs = this.#shared.LingerMs();
    if (lingerMs === 0) return this.Fail(SocketError.SUCCESS);
    this.#isLeaving = true;
    this.#lingerTimer = setTimeout(() => this.Fail(SocketError.SUCCESS), lingerMs);
  }

  #answer(code: SocketError): void {
    this.#shared.Answer(code);
    this.#changed();
  }

  #changed(): void {
    this.#options.Outbox.Changed(this.#options.Id, this.#shared.IsWatched());
  }
}

/** Node throws what the system says to a socket option. */
function attempt(setOption: () => void): SocketError {
  try {
    setOption();
    return SocketError.SUCCESS;
  } catch (error) {
    return SocketErrorOf(error, SocketError.FAILED);
  }
}
