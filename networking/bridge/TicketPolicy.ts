/** The bridge's policy, less what a session's ticket leaves out. */
import { IpAddress } from "../core/IpAddress.ts";
import type { ListenPlace } from "./ListenRule.ts";
import type { Destination, SessionPolicy } from "./Policy.ts";
import { ParsePorts } from "./PolicyRule.ts";
import type { TicketScope } from "./Ticket.ts";

type Ports = readonly [number, number];
const allPorts = "1-65535";

export class TicketPolicy implements SessionPolicy {
  readonly #policy: SessionPolicy;
  /** null when the ticket leaves the hosts to the policy. */
  readonly #hosts: ReadonlySet<string> | null;
  /** null when the page may not connect, or not listen. */
  readonly #ports: Ports | null;
  readonly #listenPorts: Ports | null;

  constructor(policy: SessionPolicy, scope: TicketScope) {
    const { Targets, Ports = allPorts, ListenPorts = allPorts } = scope;
    this.#policy = policy;
    this.#hosts = Targets === undefined ? null : new Set(Targets.map(plain));
    this.#ports = ParsePorts(Ports);
    this.#listenPorts = ListenPorts === null ? null : ParsePorts(ListenPorts);
  }

  Decide(host: string, port: number): Destination | null {
    const destination = this.#allowsHost(host) ? this.#policy.Decide(host, port) : null;
    // A target's port is the target's own, not the one that the page names.
    return destination !== null && isWithin(destination.Port, this.#ports) ? destination : null;
  }

  DecideLookup(host: string): Destination | null {
    return this.#allowsHost(host) ? this.#policy.DecideLookup(host) : null;
  }

  DecideListen(host: string, port: number): ListenPlace | null {
    const place = this.#policy.DecideListen(host, port);
    if (place === null || this.#listenPorts === null) return null;
    const first = Math.max(place.Ports[0], this.#listenPorts[0]);
    const last = Math.min(place.Ports[1], this.#listenPorts[1]);
    return first > last ? null : { Host: place.Host, Ports: [first, last] };
  }

  #allowsHost(host: string): boolean {
    return this.#hosts === null || this.#hosts.has(plain(host));
  }
}

function isWithin(port: number, ports: Ports | null): boolean {
  return ports !== null && port >= ports[0] && port <= ports[1];
}

/** One spelling for each host, as the policy itself reads it. */
function plain(host: string): string {
  const address = new IpAddress(host);
  return address.IsValid() ? address.ToString() : host.toLowerCase().replace(/\.$/, "");
}
