/**
 * The last snapshots, and the world as it was a moment ago.
 *
 * Others are drawn `delaySeconds` behind the server, between two snapshots that both arrived, so a
 * late packet is not seen. The clock follows the server's ticks gently; after a long gap it jumps.
 * At most `maxSnapshots` are kept; the oldest leave first.
 */
import type { Snapshot } from "../Protocol.ts";
import { OffsetAngle, OffsetX, OffsetY, Rules } from "../Rules.ts";
import type { Ship, Shot } from "../Rules.ts";

/** How far behind the newest snapshot others are drawn, in seconds. */
export const delaySeconds = 0.1;
const maxSnapshots = 32;
/** Beyond this difference the clock jumps instead of gliding, in ticks. */
const maxDriftTicks = 10;
/** Part of the difference that the clock takes back with each snapshot. */
const glide = 0.1;

export interface Scene {
  readonly Ships: readonly Ship[];
  readonly Shots: readonly Shot[];
}

const nothing: Scene = { Ships: [], Shots: [] };

export class SnapshotBuffer {
  #snapshots: Snapshot[] = [];
  /** The tick that is drawn; runs on between snapshots. */
  #tick = 0;

  get Newest(): Snapshot | null {
    return this.#snapshots.at(-1) ?? null;
  }

  /** How far behind the newest snapshot the drawn moment is, in steps. */
  get BehindSteps(): number {
    return (this.Newest?.Tick ?? this.#tick) - this.#tick;
  }

  /** Takes a snapshot; one that is not newer than the newest is ignored. */
  Add(snapshot: Snapshot): void {
    const newest = this.Newest;
    if (newest !== null && snapshot.Tick <= newest.Tick) return;
    this.#snapshots.push(snapshot);
    if (this.#snapshots.length > maxSnapshots) this.#snapshots.shift();
    const wanted = snapshot.Tick - delaySeconds * Rules.stepsPerSecond;
    const drift = wanted - this.#tick;
    this.#tick += Math.abs(drift) > maxDriftTicks ? drift : drift * glide;
  }

  /** Lets the drawn moment run on. @param delta seconds. */
  Advance(delta: number): void {
    const newest = this.Newest;
    if (newest === null) return;
    this.#tick = Math.min(this.#tick + delta * Rules.stepsPerSecond, newest.Tick);
  }

  /** Forgets everything, for a new connection. */
  Clear(): void {
    this.#snapshots = [];
    this.#tick = 0;
  }

  /**
   * The world at the drawn moment. A ship or shot in only one of the two snapshots is as it is
   * there.
   */
  Sample(): Scene {
    const after = this.#snapshots.find((snapshot) => snapshot.Tick >= this.#tick) ?? this.Newest;
    if (after === null) return nothing;
    const before = this.#snapshots[this.#snapshots.indexOf(after) - 1];
    if (before === undefined) return after;
    const part = (this.#tick - before.Tick) / (after.Tick - before.Tick);
    return {
      Ships: mix(before.Ships, after.Ships, (from, to) => mixShips(from, to, part)),
      Shots: mix(before.Shots, after.Shots, (from, to) => mixShots(from, to, part)),
    };
  }
}

/** Pairs bodies of equal id. Newcomers wait for their first snapshot's moment. */
function mix<Body extends { readonly Id: number }>(
  before: readonly Body[],
  after: readonly Body[],
  blend: (from: Body, to: Body) => Body,
): Body[] {
  const ended = new Map(after.map((body) => [body.Id, body]));
  return before.map((from) => {
    const to = ended.get(from.Id);
    return to === undefined ? from : blend(from, to);
  });
}

function mixShots(from: Shot, to: Shot, part: number): Shot {
  return { ...from, ...place(from, to, part), Life: from.Life + (to.Life - from.Life) * part };
}

/** A ship that was wrecked or came back in between does not slide from one place to the other. */
function mixShips(from: Ship, to: Ship, part: number): Ship {
  if (from.Hull === 0 || to.Hull === 0) return from;
  const angle = from.Angle + OffsetAngle(from.Angle, to.Angle) * part;
  return { ...from, ...place(from, to, part), Angle: angle };
}

function place(from: Ship | Shot, to: Ship | Shot, part: number): { X: number; Y: number } {
  return {
    X: from.X + OffsetX(from.X, to.X) * part,
    Y: from.Y + OffsetY(from.Y, to.Y) * part,
  };
}
