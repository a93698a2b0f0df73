/**
 * What a socket moves: the bytes of one connection (SocketStream), or datagrams once it is opened
 * for UDP (SocketDatagrams), under one set of names. NetSocket adds how either comes to be.
 *
 * Limits and codes are those of the two. Without UDP, what only UDP has is UNAVAILABLE, or
 * SOCKET_INVALID where the backend has it and the socket was not opened for it.
 */
import { WithoutDatagrams } from "./DatagramBinding.ts";
import { IpAddress } from "./IpAddress.ts";
import type { NetBackend } from "./NetBackend.ts";
import type { NetStatistics } from "./NetStatistics.ts";
import type { DatagramResult, SocketDatagrams } from "./SocketDatagrams.ts";
import { SocketError } from "./SocketError.ts";
import { SocketStream } from "./SocketStream.ts";
import type { GetResult, PutResult } from "./StreamPeer.ts";

export abstract class SocketTransport extends SocketStream {
  abstract readonly Backend: NetBackend;
  #datagrams: SocketDatagrams | null = null;

  /** As SocketStream; a UDP socket has nothing to latch, and says why it is over. */
  override Poll(): SocketError {
    if (this.stream() !== null) return super.Poll();
    return this.#datagrams?.Failure() ?? super.Poll();
  }

  /** As SocketStream; a UDP socket sends one datagram to its peer (`SocketDatagrams.Send`). */
  override Send(data: Uint8Array): PutResult {
    return this.#datagrams?.Send(data) ?? super.Send(data);
  }

  /** As SocketStream; a UDP socket gives one datagram (`SocketDatagrams.Receive`). */
  override Receive(buffer: Uint8Array): GetResult {
    return this.#datagrams?.Receive(buffer) ?? super.Receive(buffer);
  }

  /**
   * UDP: sends one datagram; codes as `SocketDatagrams.SendTo`, and SOCKET_INVALID (not opened for
   * UDP). @param data 0..65,507 bytes, over IPv6 65,527. @param port 1..65535
   */
  SendTo(data: Uint8Array, address: IpAddress | string, port: number): PutResult {
    return this.#datagrams?.SendTo(data, address, port) ?? { Result: this.#noUdp(), BytesSent: 0 };
  }

  /**
   * UDP: the oldest datagram and its sender; one that is too long for `buffer` is cut, and the
   * result is OUT_OF_BUFFER_MEMORY. Further codes as `SocketDatagrams.Receive`.
   */
  ReceiveFrom(buffer: Uint8Array): DatagramResult {
    if (this.#datagrams !== null) return this.#datagrams.ReceiveFrom(buffer);
    return { Result: this.#noUdp(), Received: 0, Address: new IpAddress(), Port: 0 };
  }

  /** UDP: the bytes of the oldest datagram. TCP: all received bytes that wait. */
  override GetAvailableBytes(): number {
    return this.#datagrams?.GetAvailableBytes() ?? super.GetAvailableBytes();
  }

  /** UDP: datagrams that arrived and found the ring full. */
  GetDroppedDatagrams(): number {
    return this.#datagrams?.GetDropped() ?? 0;
  }

  /**
   * SO_REUSEADDR: for UDP before binding, off from the start; always on for TCP listeners, as libuv
   * sets it.
   * @returns SUCCESS, ALREADY_INIT (UDP, bound), UNAVAILABLE (TCP, false)
   */
  SetReuseAddress(enabled: boolean): SocketError {
    const tcp = enabled ? SocketError.SUCCESS : SocketError.UNAVAILABLE;
    return this.#datagrams?.SetReuseAddress(enabled) ?? tcp;
  }

  /** SO_BROADCAST for UDP. TCP cannot broadcast. @returns SUCCESS, UNAVAILABLE (TCP, true) */
  SetBroadcast(enabled: boolean): SocketError {
    const tcp = enabled ? SocketError.UNAVAILABLE : SocketError.SUCCESS;
    return this.#datagrams?.SetBroadcast(enabled) ?? tcp;
  }

  /**
   * UDP: receives what is sent to a group. Codes as `DatagramBinding.SetMembership`.
   * @param interfaceName the system's name of an interface, or one of its addresses; "" for the
   *   system's choice.
   */
  JoinMulticastGroup(group: IpAddress | string, interfaceName = ""): SocketError {
    return this.#datagrams?.SetMembership(group, interfaceName, true) ?? this.#noUdp();
  }

  /** Ends a `JoinMulticastGroup` with the same arguments. */
  LeaveMulticastGroup(group: IpAddress | string, interfaceName = ""): SocketError {
    return this.#datagrams?.SetMembership(group, interfaceName, false) ?? this.#noUdp();
  }

  /** What this socket has counted, bytes of connections and datagrams; see StatisticsSource. */
  override AddStatistics(to: NetStatistics): void {
    super.AddStatistics(to);
    this.#datagrams?.AddStatistics(to);
  }

  /** The peer's address; invalid without one. */
  override GetRemoteAddress(): IpAddress {
    return this.#datagrams?.Remote()?.Address ?? super.GetRemoteAddress();
  }

  override GetRemotePort(): number {
    return this.#datagrams?.Remote()?.Port ?? super.GetRemotePort();
  }

  /** Of a socket that was opened for UDP, for the subclass that gave it. */
  protected datagrams(): SocketDatagrams | null {
    return this.#datagrams;
  }

  protected setDatagrams(datagrams: SocketDatagrams | null): void {
    this.#datagrams = datagrams;
  }

  #noUdp(): SocketError {
    return WithoutDatagrams(this.Backend);
  }
}
