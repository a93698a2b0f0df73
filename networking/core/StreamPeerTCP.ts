/**
 * A TCP connection as a stream of bytes (Luna `streamPeerTCP`, Godot `StreamPeerTCP`): connect,
 * poll once per tick, put and get. The byte calls, the status and the limits are
 * StreamPeerSocket's.
 */
import { IpAddress } from "./IpAddress.ts";
import { NetSocket } from "./NetSocket.ts";
import type { NetSocketOptions } from "./NetSocketOptions.ts";
import { SocketError } from "./SocketError.ts";
import { Status } from "./Status.ts";
import { StreamPeerSocket } from "./StreamPeerSocket.ts";

export class StreamPeerTCP extends StreamPeerSocket {
  #host: IpAddress | string = "";
  #port = 0;
  #noDelay = true;
  #keepAlive = false;

  /**
   * @param from buffer sizes in bytes, connect timeout in milliseconds and backend; or a connected
   *   socket, as TCPServer passes one.
   */
  constructor(from: NetSocketOptions | NetSocket = {}) {
    super(from instanceof NetSocket ? from : new NetSocket(from));
    this.#host = this.socket.GetRemoteAddress();
    this.#port = this.socket.GetRemotePort();
  }

  /**
   * Forces the source address and port of the next `ConnectToHost`; generally not needed (Luna).
   * @param port 0..65535; 0 lets the system choose.
   * @param host "*", or an address of this machine.
   * @returns SUCCESS, ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS, UNAVAILABLE (in a page)
   */
  Bind(port: number, host: IpAddress | string = "*"): SocketError {
    if (!this.socket.Backend.Capabilities.Bind) return SocketError.UNAVAILABLE;
    return this.socket.Bind(port, host);
  }

  /**
   * Starts to connect; never waits. A host name is looked up, and all its addresses are tried
   * with a stagger of 250 ms, inside one deadline (`ConnectTimeout`).
   * @param port 1..65535
   * @returns SUCCESS (CONNECTING now), ALREADY_INIT, INVALID_IP_ADDRESS, INVALID_PARAMETER,
   *   CANT_RESOLVE (the text cannot be a host name), UNAVAILABLE. What fails later is ERROR with
   *   `GetLastError`: CONNECTION_REFUSED, TIMED_OUT, HOST_UNREACHABLE, CANT_RESOLVE, POLICY_DENIED,
   *   ADDRESS_IN_USE or ADDRESS_NOT_AVAILABLE (the bound source), LIMIT_REACHED.
   */
  ConnectToHost(host: IpAddress | string, port: number): SocketError {
    if (this.GetStatus() !== Status.STATUS_NONE) return SocketError.ALREADY_INIT;
    const code = this.socket.ConnectToHost(host, port);
    if (code !== SocketError.SUCCESS) return code;
    this.#host = host;
    this.#port = port;
    if (!this.#noDelay) this.socket.SetNoDelay(false);
    if (this.#keepAlive) this.socket.SetKeepAlive(true);
    this.beginConnecting();
    return SocketError.SUCCESS;
  }

  /** The peer's address; while connecting the one asked for; invalid otherwise and for a name. */
  GetConnectedHost(): IpAddress {
    if (!this.isOpen()) return new IpAddress();
    const remote = this.socket.GetRemoteAddress();
    if (remote.IsValid()) return remote;
    return this.#host instanceof IpAddress ? this.#host : new IpAddress(this.#host);
  }

  /** The peer's port; 0 unless connecting or connected. */
  GetConnectedPort(): number {
    return this.isOpen() ? this.#port : 0;
  }

  /** Own address; invalid before the connection stands. */
  GetLocalHost(): IpAddress {
    return this.socket.GetLocalAddress();
  }

  /** Own port; 0 before the connection stands, unless bound. */
  GetLocalPort(): number {
    return this.socket.GetLocalPort();
  }

  /** TCP_NODELAY: small packets leave at once. On by default; kept for the next connection. */
  SetNoDelay(enabled: boolean): void {
    this.socket.SetNoDelay(enabled);
    this.#noDelay = enabled;
  }

  /** SO_KEEPALIVE: the system probes an idle peer. Off by default; kept for the next connection. */
  SetKeepAlive(enabled: boolean): void {
    this.socket.SetKeepAlive(enabled);
    this.#keepAlive = enabled;
  }
}
