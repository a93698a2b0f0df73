/**
 * A network inside the process: machines, names, packets and faults on a virtual clock, all from
 * one seed. Nothing happens except in `Advance` (and in blocking calls, which let time pass); the
 * same seed and the same calls give the same trace.
 *
 *     const network = new MemoryNetwork({ Seed: 7 });
 *     const server = new TCPServer({ Backend: new MemoryBackend(network, { Name: "server" }) });
 *     const client = new StreamPeerTCP({ Backend: new MemoryBackend(network) });
 *     server.Listen(7000);
 *     client.ConnectToHost("server", 7000);
 *     network.Advance(10);
 *     client.Poll(); // CONNECTED
 */
import { IpAddress } from "../../core/IpAddress.ts";
import type { Family } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { Link } from "./Link.ts";
import { LinkOf, defaultLink } from "./Link.ts";
import type { MemoryConnection } from "./MemoryConnection.ts";
import type { MemoryFault, PlannedFault } from "./MemoryFaults.ts";
import { Concerns, MemoryFaults } from "./MemoryFaults.ts";
import type { MemoryHost } from "./MemoryHost.ts";
import { Random } from "./Random.ts";
import { Trace } from "./Trace.ts";
import { VirtualClock } from "./VirtualClock.ts";

export interface MemoryNetworkOptions {
  /** Any integer; 1 by default. */
  readonly Seed?: number;
  /** How bytes travel from machines that have no link of their own. */
  readonly Link?: Partial<Link>;
  /** Lines that the trace keeps; 10,000 by default. */
  readonly TraceLines?: number;
}

/** What a network holds; all zero when everything was given back and all packets have arrived. */
export interface HeldCounts {
  readonly Sockets: number;
  readonly Listeners: number;
  readonly Lookups: number;
  /** Calls of user code that are due or to come: `After`, OnActivity. */
  readonly Timers: number;
  /** Packets under way, deadlines of the network's own, and planned faults. */
  readonly Events: number;
}

/** A lookup without faults, milliseconds. */
const lookupMs = 1;

export class MemoryNetwork {
  readonly Clock = new VirtualClock();
  readonly Random: Random;
  readonly Trace: Trace;
  readonly Faults = new MemoryFaults();
  readonly Link: Link;
  readonly Connections = new Set<MemoryConnection>();
  readonly #hosts: MemoryHost[] = [];
  readonly #byAddress = new Map<string, MemoryHost>();
  readonly #names = new Map<string, readonly IpAddress[]>();
  #lookups = 0;

  constructor(options: MemoryNetworkOptions = {}) {
    this.Random = new Random(options.Seed ?? 1);
    this.Trace = new Trace(options.TraceLines ?? 10_000);
    this.Link = LinkOf(defaultLink, options.Link ?? {});
    this.SetName("localhost", ["127.0.0.1", "::1"]);
  }

  /** Milliseconds since the network was made. */
  Now(): number {
    return this.Clock.Now();
  }

  /**
   * Lets time pass, with all that happens in it: packets, faults, timers, OnActivity handlers.
   * @param ms 0 or more; 0 does what is due now.
   */
  Advance(ms: number): void {
    this.Clock.Advance(ms);
  }

  /** What a name leads to, in the order of the resolver's answer; none: the name is unknown. */
  SetName(name: string, addresses: readonly string[]): void {
    const parsed = addresses.map((text) => new IpAddress(text));
    if (!parsed.every((address) => address.IsValid())) {
      throw new TypeError("A name leads to IP addresses, such as 10.0.0.1.");
    }
    this.#names.set(name.toLowerCase(), parsed);
  }

  /** Something goes wrong now. */
  Inject(fault: MemoryFault): void {
    this.Note("network", `fault ${JSON.stringify(fault)}`);
    if (fault.Kind !== "reset" && fault.Kind !== "cut") {
      this.Faults.Add(fault, this.Now());
      return;
    }
    for (const connection of this.Connections) {
      if (!Concerns(fault, ...connection.Addresses)) continue;
      if (fault.Kind === "reset") connection.Reset();
      else connection.Cut();
    }
  }

  /** Things go wrong at their times, counted from now. */
  Plan(faults: readonly PlannedFault[]): void {
    for (const { AfterMs, Fault } of faults) {
      this.Clock.Schedule(AfterMs, () => this.Inject(Fault));
    }
  }

  /** What is held at this moment, for tests that nothing leaks. */
  GivenBack(): HeldCounts {
    let [sockets, listeners] = [0, 0];
    for (const host of this.#hosts) {
      sockets += host.Sockets.size;
      listeners += host.Listeners.size;
    }
    return {
      Sockets: sockets,
      Listeners: listeners,
      Lookups: this.#lookups,
      Timers: this.Clock.CallCount(),
      Events: this.Clock.EventCount(),
    };
  }

  /** For MemoryHost: it is part of the network from now on, and its name leads to it. */
  Join(host: MemoryHost, name: string | null): void {
    for (const address of host.Addresses) {
      const text = address.ToString();
      if (this.#byAddress.has(text)) throw new TypeError(`Another machine has ${text} already.`);
      this.#byAddress.set(text, host);
    }
    this.#hosts.push(host);
    if (name !== null) this.SetName(name, host.Addresses.map(String));
  }

  /** Machines so far. */
  HostCount(): number {
    return this.#hosts.length;
  }

  /** The machine with an address, as seen from another one; null when nobody has it. */
  HostAt(address: IpAddress, from: MemoryHost): MemoryHost | null {
    return address.IsLoopback() ? from : (this.#byAddress.get(address.ToString()) ?? null);
  }

  /**
   * Looks a name up, faults included; there is no deadline.
   * @returns a function that gives up.
   */
  LookUp(
    name: string,
    family: Family,
    onDone: (failure: SocketError, addresses: readonly IpAddress[]) => void,
  ): () => void {
    const { DelayMs, Code } = this.Faults.OfNames(this.Now());
    this.#lookups++;
    const cancel = this.Clock.Schedule(lookupMs + DelayMs, () => {
      this.#lookups--;
      const known = Code === null ? (this.#names.get(name.toLowerCase()) ?? []) : [];
      const found = known.filter((address) => family === 0 || address.IsIpv4() === (family === 4));
      const failure = found.length > 0 ? SocketError.SUCCESS : SocketError.CANT_RESOLVE;
      this.Note("network", `name ${name} ${found.join(" ")}`);
      live = false;
      onDone(Code ?? failure, found);
    });
    let live = true;
    return () => {
      if (!live) return;
      live = false;
      this.#lookups--;
      cancel();
    };
  }

  /** When a packet that leaves now arrives, order aside. */
  TravelMs(link: Link): number {
    return link.LatencyMs + (link.JitterMs > 0 ? this.Random.Next() * link.JitterMs : 0);
  }

  /**
   * Carries one packet; a stall holds it back.
   * @param wanted asked at arrival; the packet of a connection that was cut never arrives.
   */
  Carry(
    path: readonly [string, string],
    delayMs: number,
    wanted: () => boolean,
    arrive: () => void,
  ): void {
    this.Clock.Schedule(delayMs, () => {
      if (!wanted()) return;
      const heldMs = this.HeldMs(path);
      if (heldMs > 0) this.Carry(path, heldMs, wanted, arrive);
      else arrive();
    });
  }

  /** How long a stall holds back what would arrive now. */
  HeldMs(path: readonly [string, string]): number {
    return this.Faults.StalledUntil(path[0], path[1], this.Now()) - this.Now();
  }

  /** A line of the trace. */
  Note(who: string, what: string): void {
    this.Trace.Add(`${this.Now().toFixed(3)} ${who} ${what}`);
  }
}
