/**
 * Log: one line of text for the person who runs the game.
 *
 * Levels are filtered before anything is built, so a silenced level costs a comparison. The sink is
 * replaceable: a server hands in its own logger, a test a list. A sink that throws never
 * harms the caller: the line goes to the console instead.
 */

/** How serious a line is. A level shows itself and everything above it; NONE shows nothing. */
export const LogLevel = Object.freeze({ DEBUG: 0, INFO: 1, WARN: 2, ERROR: 3, NONE: 4 } as const);
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

/** One line on its way to a sink. */
export interface LogRecord {
  readonly Level: LogLevel;
  /** A sentence. */
  readonly Message: string;
  /** What belongs to it: usually the error that was caught. */
  readonly Details: readonly unknown[];
}

/** Takes a line away. Called synchronously, so it should be quick. */
export type LogSink = (record: LogRecord) => void;

/** Writes to the host's console, with the method that fits the level. */
export const ConsoleSink: LogSink = ({ Level, Message, Details }) => {
  if (Level >= LogLevel.ERROR) console.error(Message, ...Details);
  else if (Level === LogLevel.WARN) console.warn(Message, ...Details);
  else if (Level === LogLevel.INFO) console.info(Message, ...Details);
  else console.debug(Message, ...Details);
};

export const Log = {
  /** The lowest level that is shown. Default INFO. */
  Level: LogLevel.INFO as LogLevel,

  /** Where lines go. Default the console. */
  Sink: ConsoleSink,

  /** Something a developer wants to see while looking for a fault. */
  Debug(message: string, ...details: unknown[]): void {
    write(LogLevel.DEBUG, message, details);
  },

  /** Something that an operator may want to know: started, listening, stopped. */
  Info(message: string, ...details: unknown[]): void {
    write(LogLevel.INFO, message, details);
  },

  /** Something odd that was dealt with. */
  Warn(message: string, ...details: unknown[]): void {
    write(LogLevel.WARN, message, details);
  },

  /** Something that failed. Pass the caught error as a detail, so that its stack is kept. */
  Error(message: string, ...details: unknown[]): void {
    write(LogLevel.ERROR, message, details);
  },
};

function write(level: LogLevel, message: string, details: readonly unknown[]): void {
  if (level < Log.Level) return;
  const record: LogRecord = { Level: level, Message: message, Details: details };
  try {
    Log.Sink(record);
  } catch (error) {
    ConsoleSink(record);
    ConsoleSink({ Level: LogLevel.ERROR, Message: "The log sink threw.", Details: [error] });
  }
}
