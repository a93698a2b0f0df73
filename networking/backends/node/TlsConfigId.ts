/** Numbers TLSOptions for the network thread: one object keeps its number while it lives. */
import type { TlsConfig } from "../../core/TlsRequest.ts";

const ids = new WeakMap<TlsConfig, number>();
let lastId = 0;

export function TlsConfigIdOf(config: TlsConfig): number {
  const id = ids.get(config) ?? ++lastId;
  ids.set(config, id);
  return id;
}
