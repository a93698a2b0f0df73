/** `window.moonwireHost`: what tests and the curious may look at. It shows; it cannot steer. */
import type { Picture } from "./Picture.ts";

export interface HostHandle {
  /** The own moth's id; 0 while not in a game. */
  readonly OwnId: number;
  /** The host's newest step that this page knows; 0 before the first. */
  readonly Tick: number;
  readonly Moths: readonly {
    readonly Name: string;
    readonly X: number;
    readonly Y: number;
    readonly Score: number;
  }[];
  readonly Sparks: number;
}

declare global {
  interface Window {
    readonly moonwireHost?: HostHandle;
  }
}

export function InstallHandle(picture: Picture): void {
  const handle: HostHandle = {
    get OwnId() {
      return picture.Game?.OwnId ?? 0;
    },
    get Tick() {
      return picture.Game?.Scene?.Tick ?? 0;
    },
    get Moths() {
      const { Names, Scene = null } = picture.Game ?? {};
      return (Scene?.Moths ?? []).map(({ Id, X, Y, Score }) => {
        return { Name: Names?.get(Id) ?? "", X, Y, Score };
      });
    },
    get Sparks() {
      return picture.Game?.Scene?.Sparks.length ?? 0;
    },
  };
  Object.defineProperty(window, "moonwireHost", { value: Object.freeze(handle) });
}
