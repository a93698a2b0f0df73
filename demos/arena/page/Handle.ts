/**
 * `window.moonwireArena`: the page's read-only handle for tests and for the curious at the console.
 * It shows; it cannot steer.
 */
import type { ArenaGame } from "./ArenaGame.ts";
import type { Session, SessionState } from "./Session.ts";

export interface ArenaHandle {
  readonly Status: SessionState;
  /** The own ship's id, null while not in the arena. */
  readonly OwnId: number | null;
  /** The newest step of the server that this page knows. */
  readonly Tick: number;
  readonly RoundTripMs: number;
  /** Everybody as of that step; the own ship as this page predicts it. */
  readonly Ships: readonly {
    readonly Id: number;
    readonly Name: string;
    readonly X: number;
    readonly Y: number;
    readonly Angle: number;
    readonly Hull: number;
    readonly Score: number;
  }[];
}

declare global {
  interface Window {
    readonly moonwireArena?: ArenaHandle;
  }
}

export function InstallHandle(game: ArenaGame, session: Session): void {
  const handle: ArenaHandle = {
    get Status() {
      return session.State;
    },
    get OwnId() {
      return game.Client.OwnId;
    },
    get Tick() {
      return game.Tick;
    },
    get RoundTripMs() {
      return game.Client.RoundTripMs;
    },
    get Ships() {
      return game.Ships.map(({ Id, X, Y, Angle, Hull, Score }) => {
        return { Id, Name: game.Names.get(Id) ?? "", X, Y, Angle, Hull, Score };
      });
    },
  };
  Object.defineProperty(window, "moonwireArena", { value: Object.freeze(handle) });
}
