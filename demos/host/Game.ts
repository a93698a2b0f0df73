/** What the picture needs to know of a game, whether this page is its host or a guest. */
import type { Scene, Steer } from "./Rules.ts";

export interface Game {
  /** The own moth; 0 while there is none. */
  readonly OwnId: number;
  readonly Names: ReadonlyMap<number, string>;
  /** The newest that is known; null before the first. */
  readonly Scene: Scene | null;
  /** What the player wants from now on. */
  Steer: Steer;
}
