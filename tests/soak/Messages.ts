/** What the soak's processes tell each other. */

/** From the test to its programs; a sample is answered. */
export type Order = "work" | "rest" | "sample";

/** What a script counted itself, beside what NetMonitor says. */
export interface OwnCounts {
  BytesTaken: number;
  BytesPut: number;
  Opened: number;
  Refused: number;
}

/** What a program holds, after its garbage was collected, and what it has counted. */
export interface Sample {
  readonly Kind: "sample";
  readonly RssMiB: number;
  readonly HeapMiB: number;
  /** Memory outside the heap, rings included. */
  readonly BuffersMiB: number;
  /** Open file descriptors. */
  readonly Descriptors: number;
  /** What keeps an event loop: timers, ports and the like. */
  readonly Resources: number;
  /** Ids on the network thread: sockets, listeners, lookups. */
  readonly Held: number;
  /** What is under way: peers of a server, stories of clients. */
  readonly Busy: number;
  readonly Own: OwnCounts;
  readonly Net: NetFigures;
  /** What must not have happened, in sentences; the first hundred. */
  readonly Wrong: readonly string[];
  /** How often each story came to its end. */
  readonly Stories: Readonly<Record<string, number>>;
}

/** NetStatistics as plain data. */
export interface NetFigures {
  readonly BytesIn: number;
  readonly BytesOut: number;
  readonly PausedMs: number;
  readonly Opened: number;
  readonly Closed: number;
  readonly BufferedIn: number;
  readonly BufferedOut: number;
  readonly Refused: number;
  readonly Errors: number;
}

/** The server's ports, once it listens. */
export interface Ports {
  readonly Kind: "ports";
  readonly Echo: number;
  readonly Flaky: number;
}
