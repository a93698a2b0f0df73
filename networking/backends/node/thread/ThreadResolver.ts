/**
 * Name lookups through the system's resolver (getaddrinfo(3)), so that /etc/hosts and the like
 * count. They run side by side on libuv's pool (4 at once by default, UV_THREADPOOL_SIZE); a lookup
 * cannot be cancelled there, so callers that lost interest ignore its answer.
 */
import { lookup } from "node:dns";
import type { Family } from "../../../core/NetBackend.ts";
import { SocketError } from "../../../core/SocketError.ts";
import { SocketErrorOf } from "./Errno.ts";

export type LookupHandler = (failure: SocketError, addresses: readonly string[]) => void;

/** Calls `handler` once, never synchronously. Addresses keep the resolver's order (RFC 6724). */
export function LookUp(name: string, family: Family, handler: LookupHandler): void {
  lookup(name, { all: true, family, order: "verbatim" }, (error, answers) => {
    if (error !== null) return handler(SocketErrorOf(error, SocketError.CANT_RESOLVE), []);
    const addresses = [...new Set(answers.map((answer) => answer.address))];
    handler(addresses.length === 0 ? SocketError.CANT_RESOLVE : SocketError.SUCCESS, addresses);
  });
}
