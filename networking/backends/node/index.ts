/** What `#net-backend` is on Node.js. */
import { NodeBackend } from "./NodeBackend.ts";

let backend: NodeBackend | null = null;
let inline: NodeBackend | null = null;

/** The process's backend; made at first use. */
export function DefaultBackend(): NodeBackend {
  backend ??= new NodeBackend();
  return backend;
}

/** The process's backend on the caller's own thread; made at first use. */
export function InlineBackend(): NodeBackend {
  inline ??= new NodeBackend({ OwnThread: false });
  return inline;
}

export { NodeBackend };
