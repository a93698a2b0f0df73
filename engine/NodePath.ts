/**
 * NodePath: finds a node by its path, as Godot 4's Node.get_node_or_null does.
 *
 * "Turret/Barrel" goes down from the node, ".." up, "." stays, "/root/Game" starts at the top of
 * the tree. An empty path or an empty part ("a//b") finds nothing. Paths are names only: Godot's
 * "%Unique" and ":property" do not exist here.
 */

import type { NodeState } from "./NodeState.ts";

export function FindByPath(from: NodeState, path: string): NodeState | null {
  const parts = path.split("/");
  let at: NodeState | null = from;
  let first = 0;
  if (path.startsWith("/")) {
    at = from.core?.Root ?? null;
    if (at?.name !== parts[1]) return null;
    first = 2;
  }
  for (let index = first; index < parts.length && at !== null; index++) {
    at = step(at, parts[index] ?? "");
  }
  return at;
}

function step(at: NodeState, part: string): NodeState | null {
  if (part === ".") return at;
  if (part === "..") return at.parent;
  return at.childNames.Get(part) ?? null;
}
