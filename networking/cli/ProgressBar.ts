/**
 * One line of a terminal that shows how far a transfer is; nothing where no person looks. Drawn
 * at most ten times a second.
 */
const drawEveryMs = 100;
const units = ["B", "kB", "MB", "GB", "TB"];
/** Of a terminal that does not know its width. */
const defaultColumns = 80;

/** The part of a terminal that the bar needs. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #startMs: number;
  #drawnMs = -Infinity;

  /** @param nowMs when the transfer began, on the clock of `Show`. */
  constructor(terminal: Terminal, nowMs: number) {
    this.#terminal = terminal;
    this.#startMs = nowMs;
  }

  Show(done: number, size: number, nowMs: number): void {
    if (!this.#terminal.isTTY || nowMs - this.#drawnMs < drawEveryMs) return;
    this.#drawnMs = nowMs;
    // Some terminals say 0 when they do not know.
    const columns = this.#terminal.columns || defaultColumns;
    const line = ProgressLine(done, size, nowMs - this.#startMs, columns);
    this.#terminal.write(`\r${line}\u001b[K`);
  }

  /** Removes the line, for what comes next. */
  Clear(): void {
    if (this.#drawnMs !== -Infinity) this.#terminal.write("\r\u001b[K");
    this.#drawnMs = -Infinity;
  }
}

/** `[######----] 60 %  6.0 of 10.0 MB  2.0 MB/s  2 s left`, shorter than `columns`. */
export function ProgressLine(
  done: number,
  size: number,
  elapsedMs: number,
  columns: number,
): string {
  const part = size === 0 ? 1 : done / size;
  const perSecond = elapsedMs > 0 ? (done / elapsedMs) * 1_000 : 0;
  const left = perSecond > 0 ? `  ${Math.ceil((size - done) / perSecond)} s left` : "";
  const percent = `${Math.floor(part * 100)} %`.padStart(5);
  const text = `${percent}  ${bytes(done)} of ${bytes(size)}  ${bytes(perSecond)}/s${left}`;
  const room = Math.min(40, columns - text.length - 4);
  if (room < 4) return text.slice(0, Math.max(0, columns - 1));
  const filled = Math.floor(part * room);
  return `[${"#".repeat(filled)}${"-".repeat(room - filled)}] ${text}`;
}

function bytes(count: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(count || 1) / 3)));
  const value = count / 1_000 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power] ?? ""}`;
}
