/**
 * The network thread's host on the caller's own thread, for processes without a game loop (the
 * bridge, a tool): a hop less each way, and nothing that could wait. Rings, commands and reports
 * are the same; what would be a message is a call.
 *
 * Handlers still run from the event loop only: the host's outbox posts once per turn of it.
 */
import type { Command, Report } from "./Commands.ts";
import { SharedControl } from "./SharedControl.ts";
import { ThreadHost } from "./thread/ThreadHost.ts";
import type { Owner, ThreadLink } from "./ThreadLink.ts";

export class InlineThread implements ThreadLink {
  readonly CanBlock = false;
  readonly #control = new SharedControl();
  readonly #host = new ThreadHost(this.#control, (report) => this.#onReport(report));
  readonly #held = new Map<number, Owner | null>();
  #nextId = 2;
  #serving = false;

  IsDead(): boolean {
    return this.#control.IsDead();
  }

  HeldCount(): number {
    return this.#held.size;
  }

  NewId(): number {
    const id = this.#nextId;
    this.#nextId += 2;
    return id;
  }

  Hold(id: number, owner: Owner): void {
    this.#held.set(id, owner);
  }

  Disown(id: number): void {
    if (this.#held.has(id)) this.#held.set(id, null);
  }

  Send(command: Command): void {
    this.#host.Run(command);
  }

  /** A full list is served at once: there is nobody to wait for. */
  MarkDirty(id: number, _urgent: boolean): void {
    if (!this.#control.Push(id)) {
      this.#host.ServeDirty();
      this.#control.Push(id);
    }
    if (this.#serving) return;
    this.#serving = true;
    queueMicrotask(() => {
      this.#serving = false;
      this.#host.ServeDirty();
    });
  }

  Wake(): void {
    // Whatever is listed has its turn at the end of the run.
  }

  Drain(): void {
    // Reports come as calls.
  }

  Block(ready: () => boolean, _timeoutMs: number): boolean {
    return ready();
  }

  Bury(): void {
    const owners = [...this.#held.values()];
    this.#held.clear();
    for (const owner of owners) owner?.OnThreadDeath();
  }

  Terminate(): Promise<void> {
    this.#control.MarkDead();
    this.#host.Destroy();
    return Promise.resolve();
  }

  #onReport(report: Report): void {
    switch (report.Op) {
      case "accepted":
        return this.#held.get(report.Listener)?.OnThreadReport(report);
      case "secured":
        return this.#held.get(report.Id)?.OnThreadReport(report);
      case "lookedUp":
        this.#held.get(report.Id)?.OnThreadReport(report);
        this.#held.delete(report.Id);
        return;
      case "activity":
        return tell(report.Ids.map((id) => this.#held.get(id) ?? null).values());
      case "ended":
        for (const id of report.Ids) this.#held.delete(id);
    }
  }
}

/** One handler that throws, which is its process's to judge, keeps no other from its news. */
function tell(owners: Iterator<Owner | null>): void {
  try {
    for (let next = owners.next(); next.done !== true; next = owners.next()) {
      next.value?.OnThreadActivity();
    }
  } catch (error) {
    setImmediate(() => tell(owners));
    throw error;
  }
}
