/**
 * A scene for nodes that use the network: the test ticks it, in its own time, while it waits for
 * what the network does in real time.
 */
import { afterEach, beforeEach } from "vitest";
import { SceneTree } from "../../engine/index.ts";
import type { Node } from "../../engine/index.ts";
import { WaitFor } from "./WaitFor.ts";

export class Stage {
  Tree = new SceneTree({ RethrowErrors: true });

  Add<T extends Node>(node: T): T {
    this.Tree.Root.AddChild(node);
    return node;
  }

  /** @param seconds of game time; most tests of networks need none. */
  Tick(seconds = 0): void {
    this.Tree.Tick(seconds);
  }

  /** Ticks until `holds`; no game time passes unless told. */
  Until(holds: () => boolean, what: string, seconds = 0): Promise<void> {
    return WaitFor(() => {
      this.Tick(seconds);
      return holds();
    }, what);
  }
}

/** A new tree for each test; when the test ends, the tree is finished. */
export function UseStage(): Stage {
  const stage = new Stage();
  beforeEach(() => (stage.Tree = new SceneTree({ RethrowErrors: true })));
  afterEach(() => stage.Tree.Finish());
  return stage;
}
