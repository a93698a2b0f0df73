/**
 * Where `networking/` says what no return value can: one line per event, never per packet.
 *
 * Core knows no engine and no logger; whoever has one gives it here (`SetNetLog(Log)` fits the
 * engine's Log). The console is the default.
 */
export interface NetLogSink {
  Info(text: string): void;
  Warn(text: string): void;
  Error(text: string): void;
}

/** The console that Node.js and pages share; declared here because core has neither's types. */
declare const console: Record<"info" | "warn" | "error", (text: string) => void>;

const consoleSink: NetLogSink = {
  Info: (text) => console.info(text),
  Warn: (text) => console.warn(text),
  Error: (text) => console.error(text),
};

let sink = consoleSink;
const said = new Set<string>();

/** Replaces the sink; `null` brings the console back. */
export function SetNetLog(next: NetLogSink | null): void {
  sink = next ?? consoleSink;
}

export const NetLog = {
  Info: (text: string): void => sink.Info(text),
  Warn: (text: string): void => sink.Warn(text),
  Error: (text: string): void => sink.Error(text),
  /** Warns the first time that this exact text comes by in the process. */
  WarnOnce(text: string): void {
    if (said.has(text)) return;
    said.add(text);
    sink.Warn(text);
  },
};
