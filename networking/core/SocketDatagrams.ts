/**
 * One UDP socket: its datagrams with their borders, and the ends that they come from and go to
 * (DatagramBinding says how it comes to stand). NetSocket and PacketPeerUDP stand on it.
 *
 * Nothing here waits, except that the first `SendTo` of a socket without a port gets one. UDP
 * promises nothing: a datagram may be lost, doubled or late.
 *
 * Limits: a bounded ring each way. Inbound full: what arrives is dropped and counted. Outbound
 * full: BUSY. Longer than UDP or the ring can carry: OUT_OF_BUFFER_MEMORY.
 */
import { DatagramBinding } from "./DatagramBinding.ts";
import { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { Endpoint } from "./NetBackend.ts";
import { AddressOf, IsPort } from "./NetSocketOptions.ts";
import { NetStatistics } from "./NetStatistics.ts";
import type { StatisticsSource } from "./NetStatistics.ts";
import { SocketError } from "./SocketError.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";

/** A received datagram: as `GetResult`, and its sender (an invalid address and 0 without one). */
export interface DatagramResult extends GetResult {
  readonly Address: IpAddress;
  readonly Port: number;
}

/** What stands in front of datagrams for the connected peer, with port 0. */
const connectedPeer = new Uint8Array(16);

export class SocketDatagrams extends DatagramBinding implements StatisticsSource {
  /** Of all bindings so far. */
  readonly #counted = new NetStatistics();
  /** Of the datagram that was received last; -1 as the port before any. */
  readonly #sender = new Uint8Array(16);
  #senderPort = -1;

  /**
   * Sends one datagram to the connected peer.
   * @param data 0..65,507 bytes, over IPv6 65,527.
   * @returns SUCCESS with all bytes, BUSY (the ring is full; nothing was taken),
   *   OUT_OF_BUFFER_MEMORY (longer than UDP or the ring can carry), SOCKET_INVALID (not connected),
   *   UNAVAILABLE (the network thread died; `Close` and begin again)
   */
  Send(data: Uint8Array): PutResult {
    requireBytes(data, "Send");
    const peer = this.peer();
    if (peer === null) return refused(this.invalid());
    return this.#put(data, peer, connectedPeer, 0);
  }

  /**
   * Sends one datagram. A socket that is not bound yet is, to a port of the system's choice.
   * @param data 0..65,507 bytes, over IPv6 65,527.
   * @param address an IP address, no name. @param port 1..65535
   * @returns as `Send` and `Bind`, and ALREADY_INIT (connected: `Send` it), INVALID_PARAMETER,
   *   INVALID_IP_ADDRESS, ADDRESS_NOT_AVAILABLE (the other family than the bound one)
   */
  SendTo(data: Uint8Array, address: IpAddress | string, port: number): PutResult {
    requireBytes(data, "SendTo");
    const target = AddressOf(address, "SendTo");
    const inRange = IsPort(port, 1, "SendTo");
    if (this.peer() !== null) return refused(SocketError.ALREADY_INIT);
    if (!target.IsValid()) return refused(SocketError.INVALID_IP_ADDRESS);
    if (!inRange) return refused(SocketError.INVALID_PARAMETER);
    const opened = this.socket() === null ? this.Bind(0, "*") : SocketError.SUCCESS;
    if (opened !== SocketError.SUCCESS) return refused(opened);
    if (!this.reaches(target)) return refused(SocketError.ADDRESS_NOT_AVAILABLE);
    return this.#put(data, target, target.ToBytes(), port);
  }

  /**
   * Takes the oldest datagram. What is too long for `buffer` is cut, and the rest of it lost.
   * @returns SUCCESS with 0..buffer.length bytes; OUT_OF_BUFFER_MEMORY with the bytes of a datagram
   *   that was cut; BUSY (nothing here yet); once, when nothing is here, what the system complained
   *   of: CONNECTION_REFUSED (nobody at the peer's port), HOST_UNREACHABLE, PERMISSION_DENIED and
   *   the like, and the socket goes on; UNAVAILABLE (the network thread died); SOCKET_INVALID
   */
  Receive(buffer: Uint8Array): GetResult {
    requireBytes(buffer, "Receive");
    const socket = this.socket();
    if (socket === null) return { Result: this.invalid(), Received: 0 };
    const { Inbound } = socket;
    if (!Inbound.Next()) return { Result: this.WhyNothing(), Received: 0 };
    this.#sender.set(Inbound.Address);
    this.#senderPort = Inbound.Port;
    const cut = Inbound.Length > buffer.length;
    this.#counted.BytesIn += Inbound.Length;
    this.#counted.PacketsIn++;
    const received = Inbound.Take(buffer);
    return {
      Result: cut ? SocketError.OUT_OF_BUFFER_MEMORY : SocketError.SUCCESS,
      Received: received,
    };
  }

  /** What `Receive` answers when nothing waits; a complaint is given once. */
  WhyNothing(): SocketError {
    const socket = this.socket();
    if (socket === null) return this.invalid();
    const failure = socket.Failure();
    if (failure !== SocketError.SUCCESS) return failure;
    const complaint = socket.TakeComplaint();
    this.#counted.CountError(complaint);
    return complaint || SocketError.BUSY;
  }

  /** As `Receive`, and says who sent it. */
  ReceiveFrom(buffer: Uint8Array): DatagramResult {
    const { Result, Received } = this.Receive(buffer);
    const took = Result === SocketError.SUCCESS || Result === SocketError.OUT_OF_BUFFER_MEMORY;
    const { Address, Port } = took ? this.Sender() : { Address: new IpAddress(), Port: 0 };
    return { Result, Received, Address, Port };
  }

  /** Who sent the datagram that was received last; an invalid address and 0 before any. */
  Sender(): Endpoint {
    if (this.#senderPort < 0) return { Address: new IpAddress(), Port: 0 };
    return { Address: IpAddress.FromBytes(this.#sender), Port: this.#senderPort };
  }

  /** Datagrams that wait to be received. */
  GetAvailableCount(): number {
    return this.socket()?.Inbound.Count() ?? 0;
  }

  /** Bytes of the oldest datagram that waits; 0 when it is empty or there is none. */
  GetAvailableBytes(): number {
    const inbound = this.socket()?.Inbound;
    return inbound?.Next() === true ? inbound.Length : 0;
  }

  /** Datagrams that arrived and found no room, since the socket was bound (modulo 2^32). */
  GetDropped(): number {
    return this.socket()?.Dropped() ?? 0;
  }

  /** Datagrams that were taken to be sent and that the system refused (modulo 2^32). */
  GetRefused(): number {
    return this.socket()?.Refused() ?? 0;
  }

  /** What this socket has counted, over all its bindings; see StatisticsSource. */
  AddStatistics(to: NetStatistics): void {
    to.Add(this.#counted);
    this.#addBinding(to);
  }

  override Close(lingerMs: number): void {
    this.#counted.AddEnded({ AddStatistics: (to) => this.#addBinding(to) });
    super.Close(lingerMs);
    this.#senderPort = -1;
  }

  /** What the present binding adds to what was counted. */
  #addBinding(to: NetStatistics): void {
    const socket = this.socket();
    if (socket === null) return;
    const waiting = socket.Inbound.Waiting();
    to.BytesIn += waiting;
    to.BufferedIn += waiting;
    to.BufferedOut += socket.Outbound.Waiting();
    to.PacketsDropped += socket.Dropped();
    to.PacketsRefused += socket.Refused();
  }

  #put(data: Uint8Array, target: IpAddress, address: Uint8Array, port: number): PutResult {
    const socket = this.socket();
    if (socket === null) return refused(SocketError.SOCKET_INVALID);
    if (socket.Failure() !== SocketError.SUCCESS) return refused(socket.Failure());
    const most = target.IsIpv4() ? Limits.maxDatagramBytesIpv4 : Limits.maxDatagramBytes;
    if (data.length > Math.min(most, socket.Outbound.MaxPayload)) {
      return refused(SocketError.OUT_OF_BUFFER_MEMORY);
    }
    if (!socket.Outbound.Put(data, address, port)) return refused(SocketError.BUSY);
    this.#counted.BytesOut += data.length;
    this.#counted.PacketsOut++;
    socket.OutboundChanged();
    return { Result: SocketError.SUCCESS, BytesSent: data.length };
  }
}

function refused(code: SocketError): PutResult {
  return { Result: code, BytesSent: 0 };
}

function requireBytes(bytes: Uint8Array, call: string): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`${call} takes a Uint8Array.`);
}
