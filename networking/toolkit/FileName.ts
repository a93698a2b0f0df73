/**
 * Which names a file server takes from the network. A name is one entry of one folder: it cannot
 * lead anywhere else, and means the same on every system, because the folder may be copied or
 * shared. A name that is refused is told, never mended: two names must not become one.
 */
import { FileLimits } from "./FileLimits.ts";

/** Unfinished files bear it in front; a name from outside must not. */
export const PartPrefix = ".moonwire-";

/** Devices of Windows, with any extension; the superscripts are digits to it, too. */
const reserved = /^(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)(\.|$)/i;
const encoder = new TextEncoder();

/** @returns why `name` cannot be a file's name, as a sentence; null when it can. */
export function FileNameProblem(name: string): string | null {
  if (name === "") return "A file needs a name.";
  if (/[/\\]/.test(name)) return "The name has a separator in it; it must stay in the folder.";
  if (name === "." || name === "..") return "The name is a folder's.";
  if (/\p{Cc}|\u2028|\u2029/u.test(name)) return "The name has a control character in it.";
  if (/[<>:"|?*]/.test(name)) return 'The name has one of < > : " | ? * in it.';
  if (/[. ]$/.test(name)) return "The name ends with a dot or a space.";
  if (/\p{Cs}/u.test(name)) return "The name is not well-formed text.";
  if (reserved.test(name)) return "The name is a device's on Windows.";
  if (name.toLowerCase().startsWith(PartPrefix)) {
    return `Names that start with ${PartPrefix} are for unfinished files.`;
  }
  if (encoder.encode(name).length > FileLimits.nameBytes) {
    return `The name is longer than ${FileLimits.nameBytes} bytes.`;
  }
  return null;
}
