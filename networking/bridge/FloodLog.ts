/**
 * The log lines that strangers cause, as often as they like: what was refused, and who came to a
 * page's port and went. Each kind has a rate of its own for the whole process; beyond it lines are
 * only counted, and one line per sweep says how many are missing. The metrics count everything.
 */
import type { Logger } from "pino";
import type { BridgeLimits } from "./BridgeLimits.ts";
import { TokenBucket } from "./TokenBucket.ts";

/** A line's message, never a client's text: there are only so many rates. */
export type FloodLine =
  | "connection refused"
  | "request refused"
  | "upgrade refused"
  | "ticket refused"
  | "stream refused"
  | "listener refused"
  | "stream closed";

interface Kind {
  readonly rate: TokenBucket;
  leftOut: number;
}

export class FloodLog {
  readonly #log: Logger;
  readonly #limits: BridgeLimits;
  readonly #kinds = new Map<FloodLine, Kind>();

  /** @param log where the counts go. */
  constructor(log: Logger, limits: BridgeLimits) {
    this.#log = log;
    this.#limits = limits;
  }

  /** @param log the session's own, where there is one: it knows whose line this is. */
  Tell(line: FloodLine, facts: object, nowMs: number, log = this.#log): void {
    const kind = this.#kinds.get(line) ?? this.#newKind(line, nowMs);
    if (kind.rate.Take(nowMs)) log.info(facts, line);
    else kind.leftOut++;
  }

  /** Says how many lines are missing since the last time. */
  Sweep(): void {
    for (const [line, kind] of this.#kinds) {
      if (kind.leftOut > 0) this.#log.info({ line, count: kind.leftOut }, "lines left out");
      kind.leftOut = 0;
    }
  }

  #newKind(line: FloodLine, nowMs: number): Kind {
    const { floodLinesPerSecond, floodLinesBurst } = this.#limits;
    const kind = { rate: new TokenBucket(floodLinesPerSecond, floodLinesBurst, nowMs), leftOut: 0 };
    this.#kinds.set(line, kind);
    return kind;
  }
}
