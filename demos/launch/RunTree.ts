/** Runs a headless tree until somebody asks the process to end (Ctrl-C, SIGTERM), in order. */
import { MainLoop, TimerClock } from "moonwire/engine";
import type { SceneTree } from "moonwire/engine";

/** Frames per second: twice the arena's steps, so that what arrives waits half a step at most. */
const rateHz = 60;

/**
 * @param physicsRate physics steps per second.
 * @param close called once when the end is asked for; the tree quits when it is done.
 * @returns the exit code.
 */
export function RunTree(
  tree: SceneTree,
  physicsRate: number,
  close: () => Promise<void>,
): Promise<number> {
  const loop = new MainLoop(tree, new TimerClock(rateHz), { PhysicsRate: physicsRate });
  let closing = false;
  const onSignal = (): void => {
    if (closing) return;
    closing = true;
    void close().then(() => tree.Quit(0));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  loop.Start();
  return loop.Finished;
}
