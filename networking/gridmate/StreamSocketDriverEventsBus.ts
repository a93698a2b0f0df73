/**
 * Who connected and who is gone, told to whoever listens (GridMate `StreamSocketDriverEventsBus`).
 * Each driver has a bus; `Global` hears those of all drivers. A driver raises events inside its
 * `Update`, the last ones inside `Destroy`.
 *
 * A handler may do anything to its driver. What it causes is told after the present event has
 * reached everybody, so all handlers see the same order. Handlers connected during an event wait
 * for the next one. A handler that throws is logged and stops nobody else. A connected handler is
 * kept alive by the bus until `BusDisconnect`.
 */
import { NetLog } from "../core/NetLog.ts";
import type { DriverAddress } from "./DriverAddress.ts";

type EventName = "OnConnectionEstablished" | "OnConnectionDisconnected";

interface DriverEvent {
  readonly name: EventName;
  readonly address: DriverAddress;
}

/** A bus, or whatever has one: a driver. */
export type BusOwner =
  StreamSocketDriverEventsBus | { readonly EventsBus: StreamSocketDriverEventsBus };

/** Base class of handlers; override what is of interest. */
class Handler {
  #bus: StreamSocketDriverEventsBus | null = null;

  /**
   * Listens from now on, to one bus at a time: an earlier one is left.
   * @param to a driver, or `StreamSocketDriverEventsBus.Global` for all of them.
   */
  BusConnect(to: BusOwner): void {
    const bus = to instanceof StreamSocketDriverEventsBus ? to : to?.EventsBus;
    if (!(bus instanceof StreamSocketDriverEventsBus)) {
      throw new TypeError("BusConnect takes a driver, or StreamSocketDriverEventsBus.Global.");
    }
    this.BusDisconnect();
    bus.Add(this);
    this.#bus = bus;
  }

  /** Listens no longer. Does nothing the second time. */
  BusDisconnect(): void {
    this.#bus?.Remove(this);
    this.#bus = null;
  }

  BusIsConnected(): boolean {
    return this.#bus !== null;
  }

  /** A connection stands: packets can come from `address` and go there. */
  OnConnectionEstablished(_address: DriverAddress): void {
    // A handler that is not interested.
  }

  /** A connection is over; its OnConnectionEstablished came before. */
  OnConnectionDisconnected(_address: DriverAddress): void {
    // A handler that is not interested.
  }
}

export class StreamSocketDriverEventsBus {
  static readonly Handler = Handler;
  /** Events of all drivers. */
  static readonly Global = new StreamSocketDriverEventsBus();

  readonly #handlers = new Set<Handler>();
  /** Events that wait for the present one to have reached everybody. */
  readonly #waiting: DriverEvent[] = [];
  #isRaising = false;

  /** For `Handler.BusConnect`. */
  Add(handler: Handler): void {
    this.#handlers.add(handler);
  }

  /** For `Handler.BusDisconnect`. */
  Remove(handler: Handler): void {
    this.#handlers.delete(handler);
  }

  /** For drivers: tells this bus's handlers, then the global ones. */
  Raise(name: EventName, address: DriverAddress): void {
    this.#waiting.push({ name, address });
    if (this.#isRaising) return;
    this.#isRaising = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#tell(next);
      StreamSocketDriverEventsBus.Global.#tell(next);
    }
    this.#isRaising = false;
  }

  #tell({ name, address }: DriverEvent): void {
    for (const handler of Array.from(this.#handlers)) {
      if (!this.#handlers.has(handler)) continue;
      try {
        handler[name](address);
      } catch (error) {
        NetLog.Error(`A handler of ${name} for ${address} threw: ${String(error)}`);
      }
    }
  }
}
