/** What the benchmark's processes tell each other, and the sizes of the game they play. */

/** Bytes that a client sends each tick; the first eight are its clock, a little-endian double. */
export const inputBytes = 64;
/** Bytes that the server answers each input with; it begins with the input's clock. */
export const answerBytes = 256;

/** The server process, when it listens. */
export interface Listening {
  readonly Kind: "listening";
  readonly Port: number;
}

/** The server process, of the time between "begin" and "report". */
export interface ServerReport {
  readonly Kind: "server";
  /** Milliseconds inside the tick function, mean. */
  readonly TickMs: number;
  /** Milliseconds that the game thread was busy at all (callbacks too), per tick. */
  readonly BusyMs: number;
  /** Milliseconds of CPU that the game thread used, per tick; other programs do not disturb it. */
  readonly ThreadMs: number;
  readonly Ticks: number;
  /** Seconds of CPU, all threads. */
  readonly CpuSeconds: number;
  readonly PeakMiB: number;
}

/** The load process. */
export interface LoadReport {
  readonly Kind: "load";
  readonly Sent: number;
  readonly Answered: number;
  readonly RoundTripP50Ms: number;
  readonly RoundTripP99Ms: number;
}

/** One connection: bulk both ways and ping-pong. */
export interface LineReport {
  readonly Kind: "line";
  readonly ReceiveMBps: number;
  readonly SendMBps: number;
  readonly RoundTripUs: number;
}

/** The bridge benchmark's target: bytes that the system has taken from it so far. */
export interface Pulled {
  readonly Kind: "pulled";
  readonly Bytes: number;
}

export type Message = Pulled | Listening | ServerReport | LoadReport | LineReport;
