/**
 * An endpoint in shared words: 16 bytes of address, the port, and a mark that it is there. Whoever
 * stores one publishes it with a later word.
 */
import { IpAddress } from "../../core/IpAddress.ts";
import type { Endpoint } from "../../core/NetBackend.ts";

/** Words that one endpoint takes, padding included. */
export const endpointWords = 8;

/** @param at index of its first word. null leaves the words as they are. */
export function StoreEndpoint(words: Int32Array, at: number, endpoint: Endpoint | null): void {
  if (endpoint === null) return;
  bytesAt(words, at).set(endpoint.Address.ToBytes());
  words[at + 4] = endpoint.Port;
  words[at + 5] = 1;
}

/** null when none was stored there. */
export function LoadEndpoint(words: Int32Array, at: number): Endpoint | null {
  if (words[at + 5] !== 1) return null;
  return { Address: IpAddress.FromBytes(bytesAt(words, at)), Port: words[at + 4] as number };
}

function bytesAt(words: Int32Array, at: number): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset + 4 * at, 16);
}
