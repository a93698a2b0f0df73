/**
 * What happened in a network, line by line, so that two runs can be compared. The newest lines are
 * kept; a digest covers all of them, the forgotten ones too.
 */
export class Trace {
  readonly #most: number;
  #lines: string[] = [];
  #count = 0;
  #digest = fnvOffset;

  /** @param mostLines lines to keep, 1 or more. */
  constructor(mostLines: number) {
    if (!Number.isInteger(mostLines) || mostLines < 1) {
      throw new TypeError("A trace keeps a whole number of lines, 1 or more.");
    }
    this.#most = mostLines;
  }

  Add(line: string): void {
    this.#count++;
    this.#digest = fnv1a(this.#digest, line);
    this.#lines.push(line);
    // Cut in halves, so that a line costs the same however long the trace is.
    if (this.#lines.length >= 2 * this.#most) this.#lines = this.#lines.slice(-this.#most);
  }

  /** The newest lines, oldest first. */
  Lines(): readonly string[] {
    return this.#lines.slice(-this.#most);
  }

  /** Lines since the beginning. */
  Count(): number {
    return this.#count;
  }

  /** 32 bits that depend on every line since the beginning. */
  Digest(): number {
    return this.#digest >>> 0;
  }
}

const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over the UTF-16 units, with a line's end. */
function fnv1a(digest: number, line: string): number {
  let next = digest;
  for (let i = 0; i < line.length; i++) {
    next = Math.imul(next ^ line.charCodeAt(i), fnvPrime);
  }
  return Math.imul(next ^ 10, fnvPrime);
}
