/**
 * Events by time, equal times in the order in which they were added: a binary heap whose entries
 * know their place, so that a cancelled one leaves at once and nothing lingers.
 *
 * It holds as many events as its owner adds; VirtualClock bounds how many run at one moment.
 */
export interface HeapEvent {
  readonly AtMs: number;
  /** Breaks ties; grows with each event of the owner. */
  readonly Order: number;
  readonly Run: () => void;
}

interface Entry extends HeapEvent {
  index: number;
}

export class EventHeap {
  readonly #entries: Entry[] = [];

  Size(): number {
    return this.#entries.length;
  }

  /** The next event, which stays. */
  First(): HeapEvent | null {
    return this.#entries[0] ?? null;
  }

  /** @returns a function that removes the event, unless it has left already. */
  Add(event: HeapEvent): () => void {
    const entry = { ...event, index: this.#entries.length };
    this.#entries.push(entry);
    this.#rise(entry);
    return () => this.#remove(entry);
  }

  /** Removes the next event. */
  Shift(): HeapEvent | null {
    const first = this.#entries[0];
    if (first === undefined) return null;
    this.#remove(first);
    return first;
  }

  #remove(entry: Entry): void {
    if (entry.index < 0) return;
    const last = this.#entries.pop() as Entry;
    if (last !== entry) {
      this.#place(last, entry.index);
      this.#rise(last);
      this.#sink(last);
    }
    entry.index = -1;
  }

  #rise(entry: Entry): void {
    while (entry.index > 0) {
      const parent = this.#entries[(entry.index - 1) >> 1] as Entry;
      if (IsBefore(parent, entry)) return;
      this.#swap(parent, entry);
    }
  }

  #sink(entry: Entry): void {
    for (;;) {
      const left = this.#entries[2 * entry.index + 1];
      const right = this.#entries[2 * entry.index + 2];
      const child =
        left !== undefined && right !== undefined && IsBefore(right, left) ? right : left;
      if (child === undefined || IsBefore(entry, child)) return;
      this.#swap(entry, child);
    }
  }

  #swap(upper: Entry, lower: Entry): void {
    const { index } = upper;
    this.#place(upper, lower.index);
    this.#place(lower, index);
  }

  #place(entry: Entry, index: number): void {
    entry.index = index;
    this.#entries[index] = entry;
  }
}

/** Whether `a` runs before `b`. */
export function IsBefore(a: HeapEvent, b: HeapEvent): boolean {
  return a.AtMs === b.AtMs ? a.Order < b.Order : a.AtMs < b.AtMs;
}
