/**
 * The connections of a driver: who there is, whose turn it is to be received from, who left, and
 * why. It tells the events bus what polling finds. A connection that was closed here is told by
 * `TellDeparted`, before anything newer, so that a reconnect cannot overtake it.
 *
 * Limits: as many connections as the driver adds; of those that left only the addresses that wait
 * to be told, and a reason for as long as somebody holds the address.
 */
import { NetLog } from "../core/NetLog.ts";
import { SocketError, SocketErrorName } from "../core/SocketError.ts";
import type { DriverAddress } from "./DriverAddress.ts";
import { Change } from "./DriverConnection.ts";
import type { DriverConnection } from "./DriverConnection.ts";
import type { StreamSocketDriverEventsBus } from "./StreamSocketDriverEventsBus.ts";
import { TurnQueue } from "./TurnQueue.ts";

export class ConnectionTable {
  readonly #bus: StreamSocketDriverEventsBus;
  readonly #connections = new Map<DriverAddress, DriverConnection>();
  readonly #turns = new TurnQueue<DriverConnection>();
  readonly #departed: DriverAddress[] = [];
  readonly #failures = new WeakMap<DriverAddress, SocketError>();

  constructor(bus: StreamSocketDriverEventsBus) {
    this.#bus = bus;
  }

  Add(connection: DriverConnection): void {
    this.#connections.set(connection.Address, connection);
  }

  Find(address: DriverAddress | null): DriverConnection | null {
    return (address === null ? undefined : this.#connections.get(address)) ?? null;
  }

  /** All of them, those under way included. */
  Count(): number {
    return this.#connections.size;
  }

  CountEstablished(): number {
    let count = 0;
    for (const connection of this.#connections.values()) if (connection.IsEstablished()) count++;
    return count;
  }

  /** Why the last connection to an address failed or ended. */
  GetLastError(address: DriverAddress): SocketError {
    return this.#failures.get(address) ?? SocketError.SUCCESS;
  }

  SetLastError(address: DriverAddress, code: SocketError): void {
    this.#failures.set(address, code);
  }

  /** The connection that has waited longest with a packet; it is out of the queue then. */
  NextWithPacket(): DriverConnection | null {
    return this.#turns.Next();
  }

  /** Back into the queue, if it has another packet. */
  WaitsAgain(connection: DriverConnection): void {
    if (connection.HasPacket()) this.#turns.Add(connection);
  }

  /** Handlers may change the table meanwhile. */
  PollAll(): void {
    for (const connection of this.#connections.values()) this.Poll(connection);
  }

  /** Polls one connection and tells what changed. */
  Poll(connection: DriverConnection): void {
    const { Address } = connection;
    const change = connection.Poll();
    switch (change) {
      case Change.NONE:
        return this.WaitsAgain(connection);
      case Change.ESTABLISHED:
        this.WaitsAgain(connection);
        return this.#bus.Raise("OnConnectionEstablished", Address);
      case Change.ENDED:
        this.#remove(connection);
        return this.#bus.Raise("OnConnectionDisconnected", Address);
      case Change.FAILED: {
        this.#remove(connection);
        if (connection.IsIncoming) return;
        const why = SocketErrorName(connection.Failure());
        NetLog.WarnOnce(`The driver could not connect to ${Address}: ${why}.`);
      }
    }
  }

  /** Ends a connection; `TellDeparted` raises the event. */
  Close(connection: DriverConnection): void {
    if (connection.IsEstablished()) this.#departed.push(connection.Address);
    connection.Close();
    this.#remove(connection);
  }

  CloseAll(which: (connection: DriverConnection) => boolean): void {
    for (const connection of this.#connections.values()) {
      if (which(connection)) this.Close(connection);
    }
  }

  /** Tells of the connections that were closed here. */
  TellDeparted(): void {
    for (let next = this.#departed.shift(); next !== undefined; next = this.#departed.shift()) {
      this.#bus.Raise("OnConnectionDisconnected", next);
    }
  }

  #remove(connection: DriverConnection): void {
    this.#connections.delete(connection.Address);
    this.#turns.Remove(connection);
    this.#failures.set(connection.Address, connection.Failure());
  }
}
