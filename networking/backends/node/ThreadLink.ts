/**
 * What the game-thread halves of sockets need of the thread that owns the real ones: commands out,
 * reports in, and the list of sockets that have work. NetworkThread is the one with a thread of its
 * own; InlineThread runs the same host on the caller's.
 */
import type { Command, Report } from "./Commands.ts";

/** Who an id belongs to on the game thread. */
export interface Owner {
  /** A handler waits for this id and something changed. */
  OnThreadActivity(): void;
  /** A report that carries something for this id. */
  OnThreadReport(report: Report): void;
  /** The thread died; nothing will come any more. */
  OnThreadDeath(): void;
}

export interface ThreadLink {
  /** `Block` really waits. */
  readonly CanBlock: boolean;
  /** It died and cannot be used any more. */
  IsDead(): boolean;
  /** Ids that the thread holds; zero when it gave everything back. */
  HeldCount(): number;
  NewId(): number;
  /** `owner` hears about `id` from now on. */
  Hold(id: number, owner: Owner): void;
  /** The caller lost interest; the thread still has to finish with it. */
  Disown(id: number): void;
  Send(command: Command): void;
  /** Lists a socket for the thread. @param urgent wakes it now, not at the end of the run. */
  MarkDirty(id: number, urgent: boolean): void;
  Wake(): void;
  /** Takes the reports that are there already. */
  Drain(): void;
  /** As NetBackend.Block. */
  Block(ready: () => boolean, timeoutMs: number): boolean;
  /** It is dead: whoever waits for something of it learns so, now. */
  Bury(): void;
  /** Ends it at once, as a crash would; for tests and for hosts that must not wait. */
  Terminate(): Promise<void>;
}
