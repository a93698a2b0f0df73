/**
 * Listens on a TCP port and hands out the connections that come in (Godot `TCPServer`).
 *
 * Connections wait, already established, until they are taken. More than `backlog` untaken ones:
 * the newest are reset and counted (`GetDroppedConnections`), so a flood costs a bounded amount.
 */
import type { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import { NetSocket } from "./NetSocket.ts";
import type { NetSocketOptions } from "./NetSocketOptions.ts";
import { CorrectedBacklog } from "./NetSocketOptions.ts";
import { SocketError } from "./SocketError.ts";
import { StreamPeerTCP } from "./StreamPeerTCP.ts";

export class TCPServer {
  readonly #socket: NetSocket;

  /** @param options buffer sizes of the connections in bytes, and the backend. */
  constructor(options: NetSocketOptions = {}) {
    this.#socket = new NetSocket(options);
  }

  /**
   * Starts to listen. In Node.js the answer is the system's; in a page SUCCESS means asked, and
   * `IsListening` turns true when the bridge has granted it.
   * @param port 0..65535; 0 lets the system choose, see `GetLocalPort`.
   * @param bindAddress "*" for all addresses of both families, "0.0.0.0" for IPv4 only, "::" for
   *   IPv6 only, or one address of this machine.
   * @param backlog untaken connections to hold, 1..65535.
   * @returns SUCCESS, ALREADY_INIT, INVALID_PARAMETER, INVALID_IP_ADDRESS, ADDRESS_IN_USE,
   *   ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED, BIND_FAILED, UNAVAILABLE
   */
  Listen(
    port: number,
    bindAddress: IpAddress | string = "*",
    backlog: number = Limits.tcpServerBacklog,
  ): SocketError {
    if (this.#socket.IsOpen()) return SocketError.ALREADY_INIT;
    const pending = CorrectedBacklog(backlog);
    const bound = this.#socket.Bind(port, bindAddress);
    const code = bound === SocketError.SUCCESS ? this.#socket.Listen(pending) : bound;
    if (code !== SocketError.SUCCESS) this.#socket.Close();
    return code;
  }

  /**
   * Whether listening goes on. It ends by itself when the network thread dies, or when the bridge
   * refuses or withdraws it; `Stop`, and then `Listen` again.
   * @returns SUCCESS, SOCKET_INVALID (never asked to listen, or stopped), or why it ended:
   *   UNAVAILABLE, POLICY_DENIED and the like
   */
  Poll(): SocketError {
    return this.#socket.Poll();
  }

  IsListening(): boolean {
    return this.#socket.IsListening();
  }

  /** The port, also when the system chose it; 0 while not listening. */
  GetLocalPort(): number {
    return this.#socket.GetLocalPort();
  }

  IsConnectionAvailable(): boolean {
    return this.#socket.GetPendingConnections() > 0;
  }

  /** The connection that waits longest, CONNECTED already, or null. */
  TakeConnection(): StreamPeerTCP | null {
    const accepted = this.#socket.Accept();
    return accepted === null ? null : new StreamPeerTCP(accepted);
  }

  /** Connections that were reset because too many waited. */
  GetDroppedConnections(): number {
    return this.#socket.GetDroppedConnections();
  }

  /** For hosts outside a game loop: `handler` runs when connections wait; `null` ends it. */
  OnActivity(handler: (() => void) | null): void {
    this.#socket.OnActivity(handler);
  }

  /** Stops listening. The port is free at once; taken peers live on, untaken ones are reset. */
  Stop(): void {
    this.#socket.Close();
  }
}
