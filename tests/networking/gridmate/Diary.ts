/** An events handler that writes down what it hears, and insists on the order of its events. */
import type { DriverAddress } from "../../../networking/gridmate/DriverAddress.ts";
import type { BusOwner } from "../../../networking/gridmate/StreamSocketDriverEventsBus.ts";
import { StreamSocketDriverEventsBus } from "../../../networking/gridmate/StreamSocketDriverEventsBus.ts";

export class Diary extends StreamSocketDriverEventsBus.Handler {
  /** "+ip|port" and "-ip|port" */
  readonly Lines: string[] = [];
  readonly Connected = new Set<DriverAddress>();
  /** Events that came without their counterpart. The bus catches what a handler throws. */
  readonly Mistakes: string[] = [];
  OnEstablished: (address: DriverAddress) => void = () => undefined;
  OnDisconnected: (address: DriverAddress) => void = () => undefined;

  constructor(to: BusOwner) {
    super();
    this.BusConnect(to);
  }

  override OnConnectionEstablished(address: DriverAddress): void {
    this.Lines.push(`+${address}`);
    if (this.Connected.has(address)) this.Mistakes.push(`${address} was established twice`);
    this.Connected.add(address);
    this.OnEstablished(address);
  }

  override OnConnectionDisconnected(address: DriverAddress): void {
    this.Lines.push(`-${address}`);
    if (!this.Connected.delete(address)) this.Mistakes.push(`${address} was not established`);
    this.OnDisconnected(address);
  }

  /** How often connections were established. */
  CountEstablished(): number {
    return this.Lines.filter((line) => line.startsWith("+")).length;
  }
}
