/** A beginner at the game: flies to the nearest spark, and dashes when somebody is close ahead. */
import type { Scene, Steer } from "./Rules.ts";
import { Rules, Still } from "./Rules.ts";

const dashReach = 130;

/** @returns what the moth `id` should want now. */
export function DecideSteer(scene: Scene, id: number): Steer {
  const own = scene.Moths.find((moth) => moth.Id === id);
  if (own === undefined) return Still;
  const away = ({ X, Y }: { X: number; Y: number }): number => Math.hypot(X - own.X, Y - own.Y);
  const rivals = scene.Moths.filter((moth) => moth.Id !== id && moth.Score > 0 && moth.Safe === 0);
  const prey = rivals.toSorted((a, b) => away(a) - away(b))[0];
  const hunts = prey !== undefined && own.Rest === 0 && away(prey) < dashReach;
  const goal = hunts ? prey : scene.Sparks.toSorted((a, b) => away(a) - away(b))[0];
  if (goal === undefined) return Still;
  const far = Math.max(away(goal), Rules.sparkRadius);
  return { X: (goal.X - own.X) / far, Y: (goal.Y - own.Y) / far, Dash: hunts };
}
