/**
 * ProcessMode: whether a node is processed while the tree is paused. Numbers as in Godot 4
 * (Node.ProcessMode). A child with INHERIT, the default, does what its parent does; a root that
 * inherits is PAUSABLE.
 */
export const ProcessMode = Object.freeze({
  /** As the parent. */
  INHERIT: 0,
  /** Runs while the tree is not paused. */
  PAUSABLE: 1,
  /** Runs only while the tree is paused: a pause menu. */
  WHEN_PAUSED: 2,
  /** Runs whatever happens: a network connection. */
  ALWAYS: 3,
  /** Never runs. */
  DISABLED: 4,
} as const);
export type ProcessMode = (typeof ProcessMode)[keyof typeof ProcessMode];

/** A mode with inheritance worked out. */
export type ResolvedMode = Exclude<ProcessMode, typeof ProcessMode.INHERIT>;

/** Whether a node with this mode runs now. */
export function RunsInMode(mode: ResolvedMode, paused: boolean): boolean {
  if (mode === ProcessMode.PAUSABLE) return !paused;
  if (mode === ProcessMode.WHEN_PAUSED) return paused;
  return mode === ProcessMode.ALWAYS;
}
