/**
 * Host names to addresses over one backend: blocking calls, queue items, promises.
 *
 * Literals and `localhost` are answered here, texts that are no host names are refused here,
 * and lookups for the same name and family under way are shared. Everything else is the
 * backend's, which runs lookups side by side and ends each of them, with TIMED_OUT at worst.
 *
 * Limits: `maxResolveItems` live queue items (one more: -1) and as many lookups under way (one
 * more fails with LIMIT_REACHED); `resolveTimeoutMs` for blocking calls; the cache's in
 * ResolveCache. `Ip` is the process-wide instance.
 */
import { NormalizeHostName } from "./HostName.ts";
import { IpAddress } from "./IpAddress.ts";
import { Limits } from "./Limits.ts";
import type { BackendLookup, Family, NetBackend } from "./NetBackend.ts";
import { NetLog } from "./NetLog.ts";
import { ResolveCache } from "./ResolveCache.ts";
import { SocketError } from "./SocketError.ts";

/** Which addresses are wanted (Godot 4 `IP.Type`; Luna spells the names with `TYPE_`). */
export const IpType = Object.freeze({
  /** No family: finds nothing. */
  NONE: 0,
  IPV4: 1,
  IPV6: 2,
  ANY: 3,
  TYPE_NONE: 0,
  TYPE_IPV4: 1,
  TYPE_IPV6: 2,
  TYPE_ANY: 3,
} as const);
export type IpType = (typeof IpType)[keyof typeof IpType];

/** Where a queue item is (Godot 4 `IP.ResolverStatus`). */
export const ResolverStatus = Object.freeze({ NONE: 0, WAITING: 1, DONE: 2, ERROR: 3 } as const);
export type ResolverStatus = (typeof ResolverStatus)[keyof typeof ResolverStatus];

/** An answer, or a lookup that will have one. */
interface Question {
  readonly answer: Pick<BackendLookup, "Done" | "Failure" | "Addresses">;
  readonly settled: Promise<void>;
}

interface SharedLookup extends Question {
  readonly host: string;
  readonly family: Family;
}

export class Resolver {
  readonly #backend: NetBackend;
  readonly #cache = new ResolveCache();
  readonly #underWay = new Map<string, SharedLookup>();
  readonly #items = new Map<number, Question>();
  #lastId = 0;

  constructor(backend: NetBackend) {
    this.#backend = backend;
  }

  /**
   * The first address of a name as text. Waits for at most `Limits.resolveTimeoutMs` where the
   * backend can; elsewhere answers what is known now, starts a lookup for the rest and warns
   * once.
   * @param name host name, case-insensitive, a trailing dot is ignored; or an address literal.
   * @returns "" on failure.
   */
  ResolveHostname(name: string, type: IpType = IpType.ANY): string {
    return this.ResolveHostnameAddress(name, type).ToString();
  }

  /** As `ResolveHostname`. @returns an invalid address on failure. */
  ResolveHostnameAddress(name: string, type: IpType = IpType.ANY): IpAddress {
    return this.ResolveHostnameAddresses(name, type)[0] ?? new IpAddress();
  }

  /** As `ResolveHostname`. @returns all addresses in the order to try them, none on failure. */
  ResolveHostnameAddresses(name: string, type: IpType = IpType.ANY): IpAddress[] {
    const question = this.#ask(name, type);
    if (!question.answer.Done()) {
      if (this.#backend.Capabilities.Blocking) {
        this.#backend.Block(() => question.answer.Done(), Limits.resolveTimeoutMs);
      } else {
        warnCannotWait();
      }
    }
    return addressesOf(question);
  }

  /** As `ResolveHostname`, without blocking; a failure is "" and no rejection. */
  async ResolveHostnameAsync(name: string, type: IpType = IpType.ANY): Promise<string> {
    const question = this.#ask(name, type);
    await question.settled;
    return addressesOf(question)[0]?.ToString() ?? "";
  }

  /**
   * Starts a lookup that is asked about by id, each tick, until `EraseResolveItem`.
   * @returns an id above 0, or -1 when `Limits.maxResolveItems` are live.
   */
  ResolveHostnameQueueItem(name: string, type: IpType = IpType.ANY): number {
    if (this.#items.size >= Limits.maxResolveItems) return -1;
    const question = this.#ask(name, type);
    this.#items.set(++this.#lastId, question);
    return this.#lastId;
  }

  /** @returns WAITING, then DONE or ERROR; NONE for an id that is not live. */
  GetResolveItemStatus(id: number): ResolverStatus {
    const answer = this.#items.get(id)?.answer;
    if (answer === undefined) return ResolverStatus.NONE;
    if (!answer.Done()) return ResolverStatus.WAITING;
    return answer.Failure() === SocketError.SUCCESS ? ResolverStatus.DONE : ResolverStatus.ERROR;
  }

  /**
   * Why an item is in ERROR: CANT_RESOLVE, TIMED_OUT, POLICY_DENIED, LIMIT_REACHED, or
   * UNAVAILABLE when the backend broke.
   * @returns SUCCESS for WAITING and DONE, INVALID_PARAMETER for an id that is not live.
   */
  GetResolveItemError(id: number): SocketError {
    const answer = this.#items.get(id)?.answer;
    if (answer === undefined) return SocketError.INVALID_PARAMETER;
    return answer.Done() ? answer.Failure() : SocketError.SUCCESS;
  }

  /** @returns the first address of a DONE item, else an invalid address. */
  GetResolveItemAddress(id: number): IpAddress {
    return this.GetResolveItemAddresses(id)[0] ?? new IpAddress();
  }

  /** @returns all addresses of a DONE item in the order to try them, else none. */
  GetResolveItemAddresses(id: number): IpAddress[] {
    const question = this.#items.get(id);
    return question === undefined ? [] : addressesOf(question);
  }

  /** Lets go of an item; its lookup goes on for the cache. An id that is not live is ignored. */
  EraseResolveItem(id: number): void {
    this.#items.delete(id);
  }

  /** Forgets the cached addresses of a name, or with "" of all names. */
  ClearCache(name = ""): void {
    requireText(name);
    this.#collect();
    if (name === "") return this.#cache.Clear("");
    const host = NormalizeHostName(name);
    if (host !== null) this.#cache.Clear(host);
  }

  /** The name that was looked up most lately and has this address, from the cache; "" if none. */
  GetHostnameFromIP(address: IpAddress): string {
    if (!(address instanceof IpAddress)) {
      throw new TypeError("GetHostnameFromIP takes an IpAddress.");
    }
    this.#collect();
    return this.#cache.NameOf(address, this.#backend.Now());
  }

  /** Addresses of this machine's interfaces; none where the backend does not know them. */
  GetLocalAddresses(): IpAddress[] {
    return this.#backend.LocalAddresses().map(copyOf);
  }

  #ask(name: string, type: IpType): Question {
    requireText(name);
    const family = familyOf(type);
    if (family === null) return refused(SocketError.CANT_RESOLVE);
    const literal = new IpAddress(name);
    if (literal.IsValid()) return literalAnswer(literal, family);
    const host = NormalizeHostName(name);
    if (host === null) return refused(SocketError.CANT_RESOLVE);
    if (host === "localhost") return found(loopbacks[family]);
    this.#collect();
    const cached = this.#cache.Get(host, family, this.#backend.Now());
    return cached === null ? this.#lookUp(host, family) : found(cached);
  }

  /** Joins the lookup under way, or starts one. */
  #lookUp(host: string, family: Family): Question {
    const key = `${family} ${host}`;
    const shared = this.#underWay.get(key);
    if (shared !== undefined) return shared;
    if (this.#underWay.size >= Limits.maxResolveItems) return refused(SocketError.LIMIT_REACHED);
    const answer = this.#backend.Lookup(host, family);
    const settled = new Promise<void>((resolve) => {
      answer.OnDone(() => {
        this.#collect();
        resolve();
      });
    });
    const started = { host, family, answer, settled };
    this.#underWay.set(key, started);
    return started;
  }

  /** Moves what the backend has finished into the cache; a poll finds it before `OnDone` runs. */
  #collect(): void {
    for (const [key, { host, family, answer }] of this.#underWay) {
      if (!answer.Done()) continue;
      this.#underWay.delete(key);
      if (answer.Failure() !== SocketError.SUCCESS) continue;
      this.#cache.Put(host, family, answer.Addresses(), this.#backend.Now());
    }
  }
}

const ipv4Loopback = new IpAddress("127.0.0.1");
const ipv6Loopback = new IpAddress("::1");

/** `localhost` without asking anybody (RFC 6761 section 6.3). */
const loopbacks: Readonly<Record<Family, readonly IpAddress[]>> = {
  0: [ipv4Loopback, ipv6Loopback],
  4: [ipv4Loopback],
  6: [ipv6Loopback],
};

const alreadySettled = Promise.resolve();

function found(addresses: readonly IpAddress[]): Question {
  return settledWith(SocketError.SUCCESS, addresses);
}

function refused(code: SocketError): Question {
  return settledWith(code, []);
}

function settledWith(code: SocketError, addresses: readonly IpAddress[]): Question {
  const answer = { Done: () => true, Failure: () => code, Addresses: () => addresses };
  return { answer, settled: alreadySettled };
}

function literalAnswer(literal: IpAddress, family: Family): Question {
  const fits = family === 0 || literal.IsIpv4() === (family === 4);
  return fits ? found([literal]) : refused(SocketError.CANT_RESOLVE);
}

/** Copies, because an address can be changed and these are the cache's. */
function addressesOf({ answer }: Question): IpAddress[] {
  const hasAddresses = answer.Done() && answer.Failure() === SocketError.SUCCESS;
  return hasAddresses ? answer.Addresses().map(copyOf) : [];
}

function copyOf(address: IpAddress): IpAddress {
  return IpAddress.FromBytes(address.ToBytes());
}

function familyOf(type: IpType): Family | null {
  switch (type) {
    case IpType.NONE:
      return null;
    case IpType.IPV4:
      return 4;
    case IpType.IPV6:
      return 6;
    case IpType.ANY:
      return 0;
    default:
      throw new TypeError("A lookup takes Ip.Type NONE, IPV4, IPV6 or ANY.");
  }
}

function requireText(name: string): void {
  if (typeof name !== "string") throw new TypeError("A host name is given as text.");
}

function warnCannotWait(): void {
  NetLog.WarnOnce(
    "Ip.ResolveHostname cannot wait here and answers only literals, localhost and cached names; " +
      "use ResolveHostnameQueueItem, GetResolveItemStatus and GetResolveItemAddress instead.",
  );
}
