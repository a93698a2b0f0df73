/** What `#net-backend` is on Node.js. */
import { NodeBackend } from "./NodeBackend.ts";

let backend: NodeBackend | null = null;

/** The process's backend; made at first use. */
export function DefaultBackend(): NodeBackend {
  backend ??= new NodeBackend();
  return backend;
}

export { NodeBackend };
