/**
 * Packets over UDP (Godot 4 `PacketPeerUDP`): each packet is one datagram, so it arrives whole or
 * not at all, perhaps twice, perhaps late. Scripts drive it from `Process`; it binds a port, or
 * connects to one peer, or just sets a destination and sends.
 *
 * Limits: what arrives waits in a ring of `recvBufferSize` bytes, 20 more for each packet; what
 * finds no room is dropped and counted (`GetDroppedPackets`). What is sent waits in a ring too; a
 * full one makes `PutPacket` BUSY. Not in a page: everything is UNAVAILABLE there.
 */
import { WithoutDatagrams } from "./DatagramBinding.ts";
import { DefaultBackend } from "./DefaultBackend.ts";
import { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { NetBackend } from "./NetBackend.ts";
import type { NetSocketOptions } from "./NetSocketOptions.ts";
import { BufferSize, IsPort } from "./NetSocketOptions.ts";
import type { NetStatistics, StatisticsSource } from "./NetStatistics.ts";
import { PacketPeer } from "./PacketPeer.ts";
import { SocketDatagrams } from "./SocketDatagrams.ts";
import { SocketError } from "./SocketError.ts";

export class PacketPeerUDP extends PacketPeer implements StatisticsSource {
  readonly #backend: NetBackend;
  readonly #datagrams: SocketDatagrams;
  #target: IpAddress | null = null;
  #targetPort = 0;

  /** @param options the backend, and the rings' sizes in bytes (262,144 each by default). */
  constructor(options: Omit<NetSocketOptions, "ConnectTimeout"> = {}) {
    super();
    if (options === null || typeof options !== "object") {
      throw new TypeError("A peer's options are an object such as { OutboundBufferSize: 65536 }.");
    }
    this.#backend = options.Backend ?? DefaultBackend();
    this.#datagrams = new SocketDatagrams(
      this.#backend,
      BufferSize(options.InboundBufferSize, Limits.datagramBufferBytes),
      BufferSize(options.OutboundBufferSize, Limits.datagramBufferBytes),
    );
  }

  /**
   * Receives at a port from now on.
   * @param port 0..65535; 0 lets the system choose, see `GetLocalPort`.
   * @param address "*" for all addresses of both families, "0.0.0.0" for IPv4 only, "::" for IPv6
   *   only, or an address of this machine.
   * @param recvBufferSize bytes that may wait to be read, 256..2^28, 20 for each packet included.
   * @returns the system's answer: SUCCESS, ADDRESS_IN_USE, ADDRESS_NOT_AVAILABLE,
   *   PERMISSION_DENIED, BIND_FAILED; or ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS,
   *   LIMIT_REACHED, UNAVAILABLE
   */
  Bind(port: number, address: IpAddress | string = "*", recvBufferSize?: number): SocketError {
    return this.#datagrams.Bind(
      port,
      address,
      recvBufferSize === undefined ? undefined : BufferSize(recvBufferSize, 0),
    );
  }

  /**
   * Sends to this peer and receives from nobody else. Nothing is sent here, so this says nothing
   * about whether the peer exists.
   * @param host an address, or a name, which is looked up and waited for, 5,000 ms at most.
   * @param port 1..65535
   * @returns SUCCESS; ALREADY_INIT (connected), INVALID_PARAMETER, INVALID_IP_ADDRESS,
   *   CANT_RESOLVE, ADDRESS_NOT_AVAILABLE (the other family than the bound one), HOST_UNREACHABLE,
   *   PERMISSION_DENIED, CONNECT_FAILED, LIMIT_REACHED, UNAVAILABLE
   */
  ConnectToHost(host: IpAddress | string, port: number): SocketError {
    return this.#datagrams.ConnectToHost(host, port);
  }

  /**
   * Where `PutPacket` and `PutVar` send to from now on.
   * @param host an address, or a name, which is looked up and waited for, 5,000 ms at most.
   * @param port 1..65535
   * @returns SUCCESS, ALREADY_INIT (connected), INVALID_PARAMETER, INVALID_IP_ADDRESS,
   *   CANT_RESOLVE, UNAVAILABLE
   */
  SetDestAddress(host: IpAddress | string, port: number): SocketError {
    const inRange = IsPort(port, 1, "SetDestAddress");
    if (this.IsSocketConnected()) return SocketError.ALREADY_INIT;
    if (!inRange) return SocketError.INVALID_PARAMETER;
    const target = this.#datagrams.Resolve(host);
    if (typeof target === "number") return target;
    this.#target = IpAddress.FromBytes(target.ToBytes()); // the caller may change theirs
    this.#targetPort = port;
    return SocketError.SUCCESS;
  }

  /**
   * Sends one packet to the connected peer or the destination. Without a port of its own the peer
   * gets one. What the system refuses later is counted, see `GetRefusedPackets`.
   * @param data 0..65,507 bytes, over IPv6 65,527; over 1,200 it may be split on its way and is
   *   lost more easily.
   * @returns SUCCESS; BUSY with nothing taken; OUT_OF_BUFFER_MEMORY (longer than UDP or the ring
   *   can carry); SOCKET_INVALID (no destination); ADDRESS_NOT_AVAILABLE (the other family than the
   *   bound one); UNAVAILABLE; or what `Bind` answers
   */
  override PutPacket(data: Uint8Array): SocketError {
    const send =
      this.#target === null || this.IsSocketConnected()
        ? this.#datagrams.Send(data)
        : this.#datagrams.SendTo(data, this.#target, this.#targetPort);
    return send.Result;
  }

  /**
   * The oldest packet, or null with `GetPacketError` UNAVAILABLE (nothing here, or nothing will
   * come any more: the network thread died); or, once, what the system complained of, and the peer
   * goes on: CONNECTION_REFUSED (nobody at the connected port), HOST_UNREACHABLE and the like.
   */
  override GetPacket(): Uint8Array | null {
    if (this.GetAvailablePacketCount() === 0) {
      const why = this.#datagrams.WhyNothing();
      const quiet = why === SocketError.BUSY || why === SocketError.SOCKET_INVALID;
      this.setPacketError(quiet ? SocketError.UNAVAILABLE : why);
      return null;
    }
    const packet = new Uint8Array(this.#datagrams.GetAvailableBytes());
    this.setPacketError(this.#datagrams.Receive(packet).Result);
    return packet;
  }

  override GetAvailablePacketCount(): number {
    return this.#datagrams.GetAvailableCount();
  }

  /** Who sent the packet that was taken last; an invalid address before any. */
  GetPacketIp(): IpAddress {
    return this.#datagrams.Sender().Address;
  }

  /** The port of who sent the packet that was taken last; 0 before any. */
  GetPacketPort(): number {
    return this.#datagrams.Sender().Port;
  }

  /** What this peer has counted, over all its bindings; see StatisticsSource. */
  AddStatistics(to: NetStatistics): void {
    this.#datagrams.AddStatistics(to);
  }

  /** Packets that arrived since `Bind` and found no room. */
  GetDroppedPackets(): number {
    return this.#datagrams.GetDropped();
  }

  /** Packets that `PutPacket` took since `Bind` and that the system refused. */
  GetRefusedPackets(): number {
    return this.#datagrams.GetRefused();
  }

  /**
   * Waits for a packet; one that is here already counts. Blocks the thread, as Godot's does.
   * @param timeoutMs 0..Infinity
   * @returns SUCCESS, TIMED_OUT, SOCKET_INVALID (not bound), UNAVAILABLE (in a page, or the network
   *   thread died)
   */
  Wait(timeoutMs = Infinity): SocketError {
    if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) {
      throw new TypeError("Wait takes milliseconds, 0 or more; Infinity waits for ever.");
    }
    if (!this.#backend.Capabilities.Blocking) return SocketError.UNAVAILABLE;
    if (!this.IsBound()) return WithoutDatagrams(this.#backend);
    const here = (): boolean => this.GetAvailablePacketCount() > 0;
    const over = (): boolean => this.#datagrams.Failure() !== SocketError.SUCCESS;
    this.#backend.Block(() => here() || over(), timeoutMs);
    if (here()) return SocketError.SUCCESS;
    return this.#datagrams.Failure() || SocketError.TIMED_OUT;
  }

  /**
   * Receives what is sent to a multicast group, too.
   * @param interfaceName the system's name of an interface, or one of its addresses; "" for the
   *   system's choice.
   * @returns SUCCESS, SOCKET_INVALID (not bound), INVALID_IP_ADDRESS, INVALID_PARAMETER (no group's
   *   address), ADDRESS_IN_USE (joined already), ADDRESS_NOT_AVAILABLE (no such interface),
   *   LIMIT_REACHED, UNAVAILABLE
   */
  JoinMulticastGroup(group: IpAddress | string, interfaceName: string): SocketError {
    return this.#datagrams.SetMembership(group, interfaceName, true);
  }

  /** Ends a `JoinMulticastGroup`; ADDRESS_NOT_AVAILABLE when there was none. */
  LeaveMulticastGroup(group: IpAddress | string, interfaceName: string): SocketError {
    return this.#datagrams.SetMembership(group, interfaceName, false);
  }

  /**
   * Lets packets go to broadcast addresses; off from the start, and kept when the peer is closed.
   * @returns SUCCESS, UNAVAILABLE
   */
  SetBroadcastEnabled(enabled: boolean): SocketError {
    return this.#datagrams.SetBroadcast(enabled);
  }

  /** A port was bound, by `Bind` or on the way of `ConnectToHost` and `PutPacket`. */
  IsBound(): boolean {
    return this.#datagrams.IsBound();
  }

  IsSocketConnected(): boolean {
    return this.#datagrams.IsConnected();
  }

  /** The own port; 0 while not bound. */
  GetLocalPort(): number {
    return this.#datagrams.Local()?.Port ?? 0;
  }

  /** For hosts outside a game loop: `handler` runs after something changed; `null` ends it. */
  OnActivity(handler: (() => void) | null): void {
    this.#datagrams.OnActivity(handler);
  }

  /** Sends what was put (5,000 ms at most), then gives the port back. Packets not taken are lost. */
  Close(): void {
    this.#datagrams.Close(Limits.lingerMs);
    this.#target = null;
    this.#targetPort = 0;
  }
}
