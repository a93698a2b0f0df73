/** Helpers of the engine's tests: a node that keeps a diary, and a log that keeps its lines. */

import { afterEach, beforeEach } from "vitest";
import { ConsoleSink, Log, LogLevel, Node } from "../../engine/index.ts";
import type { LogRecord } from "../../engine/index.ts";

/** Writes "Name.Hook" into a diary for each hook that is called. */
export class DiaryNode extends Node {
  readonly Diary: string[];
  /** What to do inside a hook, by its name. */
  readonly On: Partial<Record<string, () => void>> = {};

  constructor(diary: string[], name: string) {
    super(name);
    this.Diary = diary;
  }

  override EnterTree(): void {
    this.#write("EnterTree");
  }
  override Ready(): void {
    this.#write("Ready");
  }
  override Process(_delta: number): void {
    this.#write("Process");
  }
  override PhysicsProcess(_delta: number): void {
    this.#write("PhysicsProcess");
  }
  override ExitTree(): void {
    this.#write("ExitTree");
  }

  #write(hook: string): void {
    this.Diary.push(`${this.Name}.${hook}`);
    this.On[hook]?.();
  }
}

/** Collects log lines for the tests of a file, instead of printing them. */
export function CaptureLog(): LogRecord[] {
  const lines: LogRecord[] = [];
  beforeEach(() => {
    lines.length = 0;
    Log.Level = LogLevel.DEBUG;
    Log.Sink = (line) => lines.push(line);
  });
  afterEach(() => {
    Log.Level = LogLevel.INFO;
    Log.Sink = ConsoleSink;
  });
  return lines;
}
