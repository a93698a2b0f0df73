/** Names of pilots: what a person may type, made safe to draw on everybody's screen. */

/** Longest name in characters (code points), and the bytes that it may need. */
export const maxNameLength = 16;
export const maxNameBytes = maxNameLength * 4;

/** Controls, format characters (bidi marks, zero width), private use, and stacks of accents. */
const unsafe = /[\p{C}]|(?<=\p{M})\p{M}+/gu;

/**
 * A name without anything that breaks a line, hides, or turns text around; one space at most
 * between words and 16 characters at most. "Pilot" when nothing is left.
 */
export function CleanName(text: string): string {
  const visible = text.normalize("NFC").replace(/\s+/gu, " ").replace(unsafe, "").trim();
  return Array.from(visible).slice(0, maxNameLength).join("").trim() || "Pilot";
}
