/** How a failure is told: one sentence on stderr, coloured on a terminal, the stack on request. */
import { styleText } from "node:util";

type Style = Parameters<typeof styleText>[0];

/** `text` in colour where a person sees it (https://no-color.org). */
export function Paint(style: Style, text: string, stream: NodeJS.WriteStream): string {
  const { NO_COLOR, TERM } = process.env;
  const plain = !stream.isTTY || (NO_COLOR !== undefined && NO_COLOR !== "") || TERM === "dumb";
  return plain ? text : styleText(style, text, { validateStream: false });
}

/** Writes what went wrong. @param verbose adds the stack and the causes. */
export function Report(error: unknown, verbose: boolean): void {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${Paint("red", Printable(sentence), process.stderr)}\n`);
  if (verbose && error instanceof Error) console.error(error);
}

/** Text from the network for one line of a terminal, its control characters spelled out. */
export function Printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    if (escaped !== character) return escaped;
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
