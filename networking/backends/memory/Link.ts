/**
 * How bytes travel from a machine of the in-process network. Each direction of a connection has
 * the link of the machine that sends, so uplink and downlink may differ; a change holds for what
 * is sent from then on.
 */
export interface Link {
  /** One way, milliseconds. */
  readonly LatencyMs: number;
  /** Up to this much is added to each packet at random; the order is kept, as TCP keeps it. */
  readonly JitterMs: number;
  /** Bytes per second of one connection's direction. */
  readonly BytesPerSecond: number;
  /**
   * Bytes of one direction that the systems hold at most: taken from the sender's ring, not yet in
   * the receiver's ring or not yet acknowledged. Full: the sender stalls.
   */
  readonly WindowBytes: number;
  /** The system takes 1..WriteBytes at a time, at random; Infinity: all there is room for. */
  readonly WriteBytes: number;
  /** A read brings 1..ReadBytes, at random; Infinity: all that has come. */
  readonly ReadBytes: number;
}

/** A good local network. */
export const defaultLink: Link = Object.freeze({
  LatencyMs: 1,
  JitterMs: 0,
  BytesPerSecond: Infinity,
  WindowBytes: 65_536,
  WriteBytes: Infinity,
  ReadBytes: Infinity,
});

/** `base` with changes. Throws TypeError for what no link can be. */
export function LinkOf(base: Link, changes: Partial<Link>): Link {
  const link = { ...base, ...changes };
  const { LatencyMs, JitterMs, BytesPerSecond, WindowBytes, WriteBytes, ReadBytes } = link;
  if (!(LatencyMs >= 0 && LatencyMs < Infinity && JitterMs >= 0 && JitterMs < Infinity)) {
    throw new TypeError("A link's latency and jitter are milliseconds, 0 or more.");
  }
  if (!(BytesPerSecond > 0)) throw new TypeError("A link's BytesPerSecond is above 0.");
  if (!Number.isInteger(WindowBytes) || WindowBytes < 1) {
    throw new TypeError("A link's WindowBytes is an integer above 0.");
  }
  for (const most of [WriteBytes, ReadBytes]) {
    if (most !== Infinity && !(Number.isInteger(most) && most >= 1)) {
      throw new TypeError("A link's WriteBytes and ReadBytes are integers above 0, or Infinity.");
    }
  }
  return link;
}
