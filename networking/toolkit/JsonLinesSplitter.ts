/**
 * Cuts a stream of bytes into lines. It never looks at the text: the byte of a line feed occurs in
 * no longer UTF-8 sequence, so a character that is split over two segments comes out whole.
 *
 * ```
 *   Push --> within a line --LF--> the line is given, the next begins
 *                |
 *                +-- longer than the limit --> TOO LONG, for good: where the next begins is unknown
 * ```
 *
 * Limit: `maxLineBytes` of an unfinished line are held.
 */
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class JsonLinesSplitter {
  readonly #maxLineBytes: number;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #tooLong = false;

  /** @param maxLineBytes longest line, its line feed not counted. */
  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** A line was longer than the limit; nothing after it is taken. */
  get TooLong(): boolean {
    return this.#tooLong;
  }

  /** Bytes of the line that is not complete yet. */
  get Pending(): number {
    return this.#heldBytes;
  }

  /** Takes what came in; it is copied. @returns the lines it completed, without LF or CR LF. */
  Push(bytes: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let from = 0;
    while (!this.#tooLong) {
      const end = bytes.indexOf(lineFeed, from);
      this.#hold(bytes.subarray(from, end < 0 ? bytes.length : end));
      if (end < 0 || this.#tooLong) break;
      lines.push(this.#takeHeld());
      from = end + 1;
    }
    return lines;
  }

  #hold(piece: Uint8Array): void {
    this.#heldBytes += piece.length;
    if (this.#heldBytes > this.#maxLineBytes) {
      this.#tooLong = true;
      this.#held = [];
      this.#heldBytes = 0;
    } else if (piece.length > 0) this.#held.push(piece.slice());
  }

  #takeHeld(): Uint8Array {
    const line = Buffer.concat(this.#held, this.#heldBytes);
    this.#held = [];
    this.#heldBytes = 0;
    return line.at(-1) === carriageReturn ? line.subarray(0, -1) : line;
  }
}
