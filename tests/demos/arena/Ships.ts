/** Ships for tests. */
import { Rules } from "../../../demos/arena/Rules.ts";
import type { Ship } from "../../../demos/arena/Rules.ts";

/** A ship at rest in the middle of nowhere, with what `change` says. */
export function TestShip(change: Partial<Ship> = {}): Ship {
  return {
    Id: 1,
    X: 1_000,
    Y: 800,
    VelocityX: 0,
    VelocityY: 0,
    Angle: 0,
    Hull: Rules.hull,
    Reload: 0,
    Shield: 0,
    Respawn: 0,
    Score: 0,
    Thrusting: false,
    ...change,
  };
}

/** Numbers in 0..1 from a seed. */
export function SeededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
}
