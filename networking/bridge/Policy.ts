/**
 * Who may use the bridge, and where it may connect to. Without options: nobody, and nowhere.
 *
 * A page asks by a target's name, an address, or a host name. The answer is a Destination, which
 * says what to look up and judges every address that comes of it; the bridge connects only to an
 * address that the Destination allowed.
 */
import { IpAddress } from "../core/IpAddress.ts";
import { SocketError } from "../core/SocketError.ts";
import type { AddressKind } from "./AddressJudge.ts";
import { JudgeAddress } from "./AddressJudge.ts";
import { BridgeLimits } from "./BridgeLimits.ts";
import type { ListenPlace } from "./ListenRule.ts";
import { ListenRule } from "./ListenRule.ts";
import { IsHostName, ParsePort, PolicyRule, SplitHostPort } from "./PolicyRule.ts";

export interface PolicyOptions {
  /** See PolicyRule. */
  readonly Allow?: readonly string[];
  /** `name=host:port`: pages connect to the name and never learn the address. */
  readonly Targets?: readonly string[];
  /** Pages that may use the bridge, as in the Origin header: `https://game.example.com`. */
  readonly Origins?: readonly string[];
  /** Ports that pages may listen at, `7400-7499`; none by default. */
  readonly ListenPorts?: string;
  /** The address that those are bound at; "127.0.0.1" by default, "*" for all. */
  readonly ListenHost?: string;
  /** Loopback clients, loopback pages, loopback targets, on any port; nothing else. */
  readonly Dev?: boolean;
  /** Addresses of this machine: a public one among them counts as private. None by default. */
  readonly OwnAddresses?: () => readonly IpAddress[];
  /** Whether the bridge itself listens there; no page gets to it by way of the bridge. */
  readonly IsBridge?: (address: IpAddress, port: number) => boolean;
}

export interface Target {
  readonly Name: string;
  /** 1..65535 */
  readonly Port: number;
}

/** Where a CONNECT may go. */
export interface Destination {
  /** An address that is allowed already, or a name whose answers `Allows` judges. */
  readonly Host: IpAddress | string;
  readonly Port: number;
  Allows(address: IpAddress): boolean;
  /**
   * The code that the page hears when the connect failed with `code`. A private network that a
   * rule opens shows who accepts connections and nothing else: no refusal differs from another.
   */
  Told(code: SocketError): SocketError;
}

/** What a session asks before it does something for its page. */
export interface SessionPolicy {
  Decide(host: string, port: number): Destination | null;
  DecideLookup(host: string): Destination | null;
  DecideListen(host: string, port: number): ListenPlace | null;
}

interface TargetPlace {
  readonly Host: IpAddress | string;
  readonly Port: number;
}

export class Policy implements SessionPolicy {
  readonly Dev: boolean;
  readonly #rules: readonly PolicyRule[];
  readonly #targets = new Map<string, TargetPlace>();
  readonly #origins = new Set<string>();
  readonly #listening: ListenRule | null;
  readonly #ownAddresses: () => readonly IpAddress[];
  readonly #isBridge: (address: IpAddress, port: number) => boolean;

  /** Throws TypeError with a sentence for an option that cannot be read. */
  constructor(options: PolicyOptions) {
    const { Allow = [], Targets = [], Origins = [] } = options;
    if (Math.max(Allow.length, Targets.length, Origins.length) > BridgeLimits.maxRules) {
      throw new TypeError(`A bridge takes at most ${BridgeLimits.maxRules} of each option.`);
    }
    this.Dev = options.Dev ?? false;
    this.#ownAddresses = options.OwnAddresses ?? (() => []);
    this.#isBridge = options.IsBridge ?? (() => false);
    this.#rules = Allow.map((text) => new PolicyRule(text));
    for (const text of Targets) this.#addTarget(text);
    for (const text of Origins) this.#origins.add(parseOrigin(text));
    const { ListenPorts, ListenHost = "127.0.0.1" } = options;
    this.#listening = ListenPorts === undefined ? null : new ListenRule(ListenPorts, ListenHost);
    if (this.Dev && this.#listening?.IsLoopback() === false) {
      throw new TypeError("A bridge for development listens at a loopback address only.");
    }
  }

  /** What pages may be told: names and ports, never addresses. */
  Targets(): readonly Target[] {
    return [...this.#targets].map(([Name, { Port }]) => ({ Name, Port }));
  }

  /** @param address of the client's socket. */
  AllowsClient(address: IpAddress): boolean {
    return !this.Dev || JudgeAddress(address) === "loopback";
  }

  /** @param origin the header; undefined when it is missing, which only tickets could make good. */
  AllowsOrigin(origin: string | undefined): boolean {
    if (origin === undefined) return false;
    return this.#origins.has(origin) || (this.Dev && isLoopbackUrl(origin));
  }

  /**
   * A page's own GET carries no Origin. Its Host header must be one that an allowed page has, or a
   * foreign name that was pointed at this machine could read (DNS rebinding).
   */
  AllowsHostHeader(host: string | undefined): boolean {
    if (host === undefined) return false;
    if (this.Dev && isLoopbackUrl(`http://${host}`)) return true;
    return this.#origins.has(`http://${host}`) || this.#origins.has(`https://${host}`);
  }

  /**
   * @param host as the page sent it: a target's name, an address, or a host name.
   * @param port 0..65535; a target has its own.
   * @returns null when nothing may be connected to, which needs no lookup.
   */
  Decide(host: string, port: number): Destination | null {
    const target = this.#targets.get(host);
    if (target !== undefined) return this.#judged(target, null);
    if (port === 0) return null;
    const rules = this.#rules.filter((rule) => rule.AllowsPort(port));
    return this.#decideByRules(host, port, rules);
  }

  /** As `Decide`, for a lookup without a port; names of targets are no host names. */
  DecideLookup(host: string): Destination | null {
    return this.#targets.has(host) ? null : this.#decideByRules(host, 0, this.#rules);
  }

  /**
   * @param host where the page wants to listen. @param port 0..65535; 0 asks for any.
   * @returns what to bind, or null when the page may not listen.
   */
  DecideListen(host: string, port: number): ListenPlace | null {
    return this.#listening?.Decide(host, port) ?? null;
  }

  #decideByRules(host: string, port: number, rules: readonly PolicyRule[]): Destination | null {
    const address = new IpAddress(host);
    if (address.IsValid()) {
      const allows = (at: IpAddress, kind: AddressKind) =>
        this.Dev || rules.some((rule) => rule.AllowsAddress(at, null, kind));
      return this.#judged({ Host: address, Port: port }, allows);
    }
    const name = host.toLowerCase().replace(/\.$/, "");
    const local = this.Dev && /^(.+\.)?localhost$/.test(name);
    const named = local || rules.some((rule) => rule.MatchesName(name));
    if (!IsHostName(name) || !named) return null;
    const allows = (at: IpAddress, kind: AddressKind) =>
      local || rules.some((rule) => rule.AllowsAddress(at, name, kind));
    return this.#judged({ Host: name, Port: port }, allows);
  }

  /** @param allows whether a rule does; null where the operator named the very place. */
  #judged(
    place: TargetPlace,
    allows: ((address: IpAddress, kind: AddressKind) => boolean) | null,
  ): Destination | null {
    let hidden = false;
    const Allows = (address: IpAddress): boolean => {
      const kind = this.#kindOf(address);
      if (kind === "never" || (this.Dev && kind !== "loopback")) return false;
      if (this.#isBridge(address, place.Port)) return false;
      if (allows === null) return true;
      if (!allows(address, kind)) return false;
      hidden ||= !this.Dev && kind !== "public";
      return true;
    };
    if (place.Host instanceof IpAddress && !Allows(place.Host)) return null;
    const Told = (code: SocketError) => (hidden ? SocketError.POLICY_DENIED : code);
    return { Host: place.Host, Port: place.Port, Allows, Told };
  }

  #kindOf(address: IpAddress): AddressKind {
    const kind = JudgeAddress(address);
    if (kind !== "public") return kind;
    return this.#ownAddresses().some((own) => own.Equals(address)) ? "private" : kind;
  }

  #addTarget(text: string): void {
    const [name = "", place = "", more] = text.split("=");
    const { host, ports } = SplitHostPort(place);
    const port = ParsePort(ports);
    const address = new IpAddress(host);
    if (!/^[a-z][a-z0-9-]{0,62}$/.test(name) || more !== undefined || port === null) {
      throw new TypeError(`"${text}" is no target: write name=host:port, the name in a-z, 0-9, -.`);
    }
    if (this.#targets.has(name)) throw new TypeError(`The target "${name}" is given twice.`);
    if (!address.IsValid() && !IsHostName(host)) {
      throw new TypeError(`"${text}" is no target: "${host}" is neither an address nor a name.`);
    }
    this.#targets.set(name, { Host: address.IsValid() ? address : host, Port: port });
  }
}

function parseOrigin(text: string): string {
  if (!URL.canParse(text) || new URL(text).origin !== text) {
    throw new TypeError(`"${text}" is no origin: write https://host or http://host:port.`);
  }
  return text;
}

function isLoopbackUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, protocol } = new URL(text);
  if (protocol !== "http:" && protocol !== "https:") return false;
  return hostname === "localhost" || new IpAddress(hostname.replace(/^\[|\]$/g, "")).IsLoopback();
}
