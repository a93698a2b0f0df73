/**
 * Packets over TCP (GridMate `StreamSocketDriver`): one driver listens, connects, or does both, and
 * names each connection by its address. `Update`, once per tick, does all the work: it accepts,
 * notices what connected and what ended, raises the events, and decides which packets `Receive`
 * gives until the next one.
 *
 * Limits: `maxConnections`, those under way included; each has an inbound and an outbound buffer.
 * A full outbound buffer is EC_SEND with nothing stored. A full inbound buffer makes TCP slow the
 * peer down. A packet is never lost, cut or joined with another one.
 */
import type { NetSocketOptions } from "../core/NetSocketOptions.ts";
import { SocketError } from "../core/SocketError.ts";
import { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import { ConnectionTable } from "./ConnectionTable.ts";
import { AddressOf, ParseAddress } from "./DriverAddress.ts";
import type { DriverAddress } from "./DriverAddress.ts";
import { DriverConnection, tooLarge } from "./DriverConnection.ts";
import { DriverListener } from "./DriverListener.ts";
import { DriverSizesOf } from "./DriverSizes.ts";
import type { DriverOptions, DriverSizes } from "./DriverSizes.ts";
import type { DriverStream } from "./DriverStream.ts";
import { GridMateLimits } from "./GridMateLimits.ts";
import { IsOfFamily, LocalEndOf } from "./LocalEnd.ts";
import type { LocalEnd } from "./LocalEnd.ts";
import { PlainStream } from "./PlainStream.ts";
import { NoPacket } from "./ReceiveResult.ts";
import type { ReceiveResult } from "./ReceiveResult.ts";
import { FamilyType, ResultCode } from "./ResultCode.ts";
import { StreamSocketDriverEventsBus } from "./StreamSocketDriverEventsBus.ts";

export class StreamSocketDriver {
  /** Where this driver raises its events. */
  readonly EventsBus = new StreamSocketDriverEventsBus();
  readonly #sizes: DriverSizes;
  readonly #socketOptions: NetSocketOptions;
  readonly #listener: DriverListener;
  readonly #table = new ConnectionTable(this.EventsBus);
  /** Where a packet and its header stand side by side for a moment. */
  readonly #frame: Uint8Array;
  #local: LocalEnd | null = null;

  /**
   * @param maxConnections those that the server accepts and those that it makes, 1..16,384; 1 is
   *   enough for a client.
   * @param maxPacketSize bytes of the largest packet to be sent, 1..65,536, where 65,536 means
   *   65,535; not more than the outbound buffer takes.
   * @param inboundBufferSize bytes of one connection that may wait to be received, 256..2^27. A
   *   peer's larger packet ends the connection.
   * @param outboundBufferSize bytes of one connection that may wait to be sent, as inbound.
   */
  constructor(
    maxConnections: number = GridMateLimits.maxConnections,
    maxPacketSize: number = GridMateLimits.maxPacketBytes,
    inboundBufferSize: number = GridMateLimits.inboundBufferBytes,
    outboundBufferSize: number = GridMateLimits.outboundBufferBytes,
    options: DriverOptions = {},
  ) {
    this.#sizes = DriverSizesOf(
      maxConnections,
      maxPacketSize,
      inboundBufferSize,
      outboundBufferSize,
    );
    this.#frame = new Uint8Array(GridMateLimits.headerBytes + this.#sizes.MaxPacketBytes);
    this.#socketOptions = {
      ...options,
      InboundBufferSize: this.#sizes.InboundBytes,
      OutboundBufferSize: this.#sizes.OutboundBytes,
    };
    this.#listener = new DriverListener(this.#socketOptions);
  }

  /**
   * Says where the driver is at home; to be called once, before everything else.
   * @param familyType BSD_AF_INET or BSD_AF_INET6, the same at both ends of a connection.
   * @param address of the network card to bind to, or null for all of them.
   * @param port to listen at, 0..65535; 0 lets the system choose, see `GetPort`.
   * @param isBroadcast false: TCP has no broadcast.
   * @param receiveBufferSize,sendBufferSize bytes of the TCP stack's own buffers, 0 or more.
   *   Checked, and left to the system, which sizes them by need and gives Node.js no say.
   * @returns EC_OK; EC_SOCKET_CREATE (initialised already, no such family); EC_SOCKET_BIND (not an
   *   address of the family, no such port); EC_SOCKET_SOCK_OPT (broadcast, a size below 0)
   */
  Initialize(
    familyType: FamilyType = FamilyType.BSD_AF_INET,
    address: string | null = null,
    port = 0,
    isBroadcast = false,
    receiveBufferSize = 0,
    sendBufferSize = 0,
  ): ResultCode {
    if (this.#local !== null) return ResultCode.EC_SOCKET_CREATE;
    const local = LocalEndOf(familyType, address, port);
    if (typeof local === "number") return local;
    if (isBroadcast || !(receiveBufferSize >= 0 && sendBufferSize >= 0)) {
      return ResultCode.EC_SOCKET_SOCK_OPT;
    }
    this.#local = local;
    return ResultCode.EC_OK;
  }

  /**
   * Starts to accept clients; also again after `StopListen`.
   * @param backlog clients that may wait to be accepted, 1..65535; more are reset.
   * @returns EC_OK; EC_SOCKET_LISTEN (not initialised, listening already, not possible here);
   *   EC_SOCKET_BIND (the port is in use or not allowed, the address is not this machine's)
   */
  StartListen(backlog: number): ResultCode {
    if (this.#local === null) return ResultCode.EC_SOCKET_LISTEN;
    return this.#listener.Start(this.#local, backlog);
  }

  /**
   * Stops accepting and frees the port; clients that wait are reset.
   * @param dropConnections true also disconnects the clients that were accepted. Connections made
   *   with `ConnectTo` stay in either case.
   * @returns EC_OK, EC_SOCKET_LISTEN (not listening)
   */
  StopListen(dropConnections = false): ResultCode {
    const code = this.#listener.Stop();
    const drops = dropConnections && code === ResultCode.EC_OK;
    if (drops) this.#table.CloseAll((connection) => connection.IsIncoming);
    return code;
  }

  /**
   * @param text "ip|port". Equal addresses are one object.
   * @returns null for other text, which no call takes for an address.
   */
  CreateDriverAddress(text: string): DriverAddress | null {
    return ParseAddress(text);
  }

  /**
   * Starts to connect to a listening driver; OnConnectionEstablished tells that it worked,
   * `GetLastError` why it did not. Packets may be sent at once.
   * @returns EC_OK (under way); EC_SOCKET_CONNECT (not initialised, no address, another family,
   *   connected or connecting to it already, `maxConnections` reached); EC_SOCKET_BIND (the own
   *   address cannot be bound)
   */
  ConnectTo(addr: DriverAddress | null): ResultCode {
    if (this.#local === null || addr === null) return ResultCode.EC_SOCKET_CONNECT;
    const isKnown = this.#table.Find(addr) !== null;
    if (isKnown || this.#isFull()) return ResultCode.EC_SOCKET_CONNECT;
    const ip = addr.ToIpAddress();
    if (!IsOfFamily(ip, this.#local.Family)) return ResultCode.EC_SOCKET_CONNECT;
    const peer = new StreamPeerTCP(this.#socketOptions);
    const source = this.#local.Address;
    if (source !== null && peer.Bind(0, source) !== SocketError.SUCCESS) {
      return ResultCode.EC_SOCKET_BIND;
    }
    const code = peer.ConnectToHost(ip, addr.GetPort());
    this.#table.SetLastError(addr, code);
    if (code !== SocketError.SUCCESS) return ResultCode.EC_SOCKET_CONNECT;
    this.#add(addr, peer, false);
    return ResultCode.EC_OK;
  }

  /**
   * Ends a connection, or the attempt to make one, after what was sent to it; the next `Update`
   * raises OnConnectionDisconnected. Packets that were not received are dropped.
   * @returns EC_OK, EC_SOCKET_CLOSE (there is none)
   */
  DisconnectFrom(addr: DriverAddress | null): ResultCode {
    const connection = this.#table.Find(addr);
    if (connection === null) return ResultCode.EC_SOCKET_CLOSE;
    this.#table.Close(connection);
    return ResultCode.EC_OK;
  }

  /** Established connections. */
  GetNumberOfConnections(): number {
    return this.#table.CountEstablished();
  }

  GetMaxNumConnections(): number {
    return this.#sizes.MaxConnections;
  }

  /** Whether the connection to it is established: from its one event to the other. */
  IsConnectedTo(to: DriverAddress | null): boolean {
    return this.#table.Find(to)?.IsEstablished() ?? false;
  }

  IsListening(): boolean {
    return this.#listener.IsListening();
  }

  /** The port that is listened at; otherwise the one to listen at, 0 when the system chooses. */
  GetPort(): number {
    return this.#listener.GetPort() ?? this.#local?.Port ?? 0;
  }

  /**
   * Why the last connection to this address failed or ended: CONNECTION_REFUSED, TIMED_OUT and the
   * like; PROTOCOL_ERROR (a length that no packet has); FILE_EOF (ended inside a packet);
   * OUT_OF_BUFFER_MEMORY (ended with a packet that Receive had no room for). SUCCESS when it was
   * closed in order, is not over, or there was none.
   */
  GetLastError(address: DriverAddress | null): SocketError {
    return address === null ? SocketError.SUCCESS : this.#table.GetLastError(address);
  }

  /**
   * Sends a packet entirely or not at all; it is copied. Before the connection stands it is queued.
   * @param size bytes of `data` to send, 1..maxPacketSize; all of them by default.
   * @returns EC_OK; EC_SEND (nothing stored: the queue is full, the packet empty, or the connection
   *   over and the next Update tells); EC_SEND_ADDRESS_NOT_BOUND (no connection to it);
   *   EC_BUFFER_TOOLARGE (above maxPacketSize)
   */
  Send(to: DriverAddress | null, data: Uint8Array, size: number = data.length): ResultCode {
    requireBytes("Send", data, size);
    const connection = this.#table.Find(to);
    if (connection === null) return ResultCode.EC_SEND_ADDRESS_NOT_BOUND;
    if (size > this.#sizes.MaxPacketBytes) return ResultCode.EC_BUFFER_TOOLARGE;
    if (size === 0) return ResultCode.EC_SEND;
    const { headerBytes } = GridMateLimits;
    this.#frame[0] = size >> 8;
    this.#frame[1] = size & 0xff;
    this.#frame.set(size === data.length ? data : data.subarray(0, size), headerBytes);
    const sent = connection.Send(this.#frame.subarray(0, headerBytes + size));
    return sent ? ResultCode.EC_OK : ResultCode.EC_SEND;
  }

  /**
   * Takes one packet that was there at the last `Update`, from each connection in turn.
   * @param maxDataSize bytes of `data` that may be used; at least maxPacketSize, or a peer may send
   *   a packet that does not fit.
   * @returns EC_OK with the packet, or with Size 0 when no more are there; EC_RECEIVE with the
   *   sender of a packet that is larger than `maxDataSize`, once per Update. It stays, and holds
   *   up that connection only.
   */
  Receive(data: Uint8Array, maxDataSize: number = data.length): ReceiveResult {
    requireBytes("Receive", data, maxDataSize);
    const next = this.#table.NextWithPacket();
    if (next === null) return NoPacket;
    const size = next.Take(data, maxDataSize);
    if (size === tooLarge) return { Result: ResultCode.EC_RECEIVE, Size: 0, From: next.Address };
    this.#table.WaitsAgain(next);
    return { Result: ResultCode.EC_OK, Size: size, From: next.Address };
  }

  /** Does what there is to do; once per tick. */
  Update(): void {
    this.#table.TellDeparted();
    this.#table.PollAll();
    this.#accept();
  }

  /**
   * Stops listening and disconnects everybody, after what was sent to them; the events of that are
   * raised now. The driver can be initialised again.
   */
  Destroy(): void {
    this.StopListen();
    this.#local = null;
    this.#table.CloseAll(() => true);
    this.#table.TellDeparted();
  }

  /** How bytes travel over a connection; the secure driver has another way. */
  protected wrap(peer: StreamPeerTCP, _isIncoming: boolean): DriverStream {
    return new PlainStream(peer);
  }

  #accept(): void {
    this.#listener.Poll();
    for (let i = 0; i < GridMateLimits.acceptsPerUpdate && !this.#isFull(); i++) {
      const peer = this.#listener.Take();
      if (peer === null) return;
      const address = AddressOf(peer.GetConnectedHost(), peer.GetConnectedPort());
      // The same two ends cannot be connected twice; the newcomer may try again.
      if (this.#table.Find(address) !== null) peer.Abort();
      else this.#table.Poll(this.#add(address, peer, true));
    }
  }

  #isFull(): boolean {
    return this.#table.Count() >= this.#sizes.MaxConnections;
  }

  #add(address: DriverAddress, peer: StreamPeerTCP, isIncoming: boolean): DriverConnection {
    const stream = this.wrap(peer, isIncoming);
    const connection = new DriverConnection(address, stream, isIncoming, this.#sizes);
    this.#table.Add(connection);
    return connection;
  }
}

function requireBytes(call: string, data: Uint8Array, size: number): void {
  if (!(data instanceof Uint8Array)) throw new TypeError(`${call} takes a Uint8Array.`);
  if (Number.isInteger(size) && size >= 0 && size <= data.length) return;
  throw new TypeError(`${call} takes a size in 0..data.length.`);
}
