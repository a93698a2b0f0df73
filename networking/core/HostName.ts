/**
 * Which texts are host names, and their one spelling: small ASCII letters, no trailing dot.
 *
 * Asked before anything is looked up or connected to. System resolvers take more than names:
 * `127.1`, `2130706433`, `0x7f000001` and full-width digits all become addresses there, behind
 * the back of whoever allowed or refused the address. Here they are not names, so nobody
 * resolves them.
 */
import { Limits } from "./Limits.ts";

/** Letters, digits, hyphens (RFC 1123 section 2.1), and underscores, which some machines have. */
const label = /^[a-zA-Z0-9_-]{1,63}$/;
/** No top-level domain is a number; resolvers read an address (URL standard does likewise). */
const numberLabel = /^(?:[0-9]+|0[xX][0-9a-fA-F]*)$/;

/**
 * The spelling under which a host name is looked up and remembered.
 * @param text at most `Limits.maxHostNameLength` characters plus a trailing dot. International
 * names are given in their ASCII form (xn--..., RFC 5890).
 * @returns null when the text is no host name: empty, too long, an empty or too long label,
 * another character, or a number as its last label (every IP address is one of these).
 */
export function NormalizeHostName(text: string): string | null {
  const name = text.endsWith(".") ? text.slice(0, -1) : text;
  if (name.length > Limits.maxHostNameLength) return null;
  const labels = name.split(".");
  if (!labels.every((part) => label.test(part))) return null;
  if (numberLabel.test(labels.at(-1) ?? "")) return null;
  // Only ASCII gets here; lowering first would turn the Kelvin sign into a "k".
  return name.toLowerCase();
}
