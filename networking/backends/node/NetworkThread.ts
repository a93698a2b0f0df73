/**
 * The game thread's handle on the network thread: starts it on first use, sends commands, wakes it
 * once per synchronous run, waits for it when asked to, and hands its reports to their owners.
 *
 * The process stays alive while the thread holds anything (a socket, a listener, a lookup) and may
 * end when it holds nothing. When the thread dies, every owner hears it, and `IsDead` tells the
 * backend to start another at the next use.
 */
import { createRequire } from "node:module";
import type { MessagePort } from "node:worker_threads";
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { Limits } from "../../core/Limits.ts";
import { NetLog } from "../../core/NetLog.ts";
import type { Command, Report, ThreadStart } from "./Commands.ts";
import { SharedControl } from "./SharedControl.ts";
import type { Owner, ThreadLink } from "./ThreadLink.ts";

export class NetworkThread implements ThreadLink {
  readonly CanBlock = true;
  readonly #control = new SharedControl();
  readonly #worker: Worker;
  readonly #port: MessagePort;
  /**
   * What the thread holds, by id. Some have no owner on the game thread any more, only an end to
   * wait for.
   */
  readonly #held = new Map<number, Owner | null>();
  #handled = 0;
  #nextId = 2;
  #wakeScheduled = false;
  /** Ids that were lost with the thread and not spoken of yet. */
  #lost = 0;
  readonly #silentPulses: number;

  /** @param silentPulses of `Limits.threadPulseMs`, without an answer, of a thread that is dead. */
  constructor(silentPulses: number = Limits.threadSilentPulses) {
    this.#silentPulses = silentPulses;
    const { port1, port2 } = new MessageChannel();
    const start: ThreadStart = { Control: this.#control.Memory, Port: port2 };
    this.#worker = new Worker(threadEntry(), {
      workerData: start,
      transferList: [port2],
      execArgv: [], // the script's own flags (--eval, loaders) would break or slow the thread
    });
    this.#worker.on("error", (error) => this.#onDeath(error.message));
    this.#worker.on("exit", (code) => this.#onDeath(`it ended with code ${code}`));
    this.#worker.unref();
    this.#port = port1;
    this.#port.on("message", (report: Report) => this.#onReport(report, tell));
    this.#port.unref();
  }

  IsDead(): boolean {
    return this.#control.IsDead();
  }

  /** Ids that the thread holds; zero when it gave everything back. */
  HeldCount(): number {
    this.Drain();
    return this.#held.size;
  }

  NewId(): number {
    const id = this.#nextId;
    this.#nextId += 2;
    return id;
  }

  /** `owner` hears about `id` from now on; null: only the end is awaited. */
  Hold(id: number, owner: Owner | null): void {
    if (this.#held.size === 0) this.#worker.ref();
    this.#held.set(id, owner);
  }

  /** The thread has nothing of this id any more. */
  Release(id: number): void {
    const last = this.#held.delete(id) && this.#held.size === 0;
    // Whoever awaits the end of a dead thread needs the process to stay for it.
    if (last && !this.IsDead()) this.#worker.unref();
  }

  /** The game thread lost interest; the thread still has to finish with it. */
  Disown(id: number): void {
    if (this.#held.has(id)) this.#held.set(id, null);
  }

  Send(command: Command): void {
    this.#port.postMessage(command);
  }

  /** Lists a socket for the thread. @param urgent wakes it now, not at the end of the run. */
  MarkDirty(id: number, urgent: boolean): void {
    if (!this.#control.Push(id)) {
      // As many sockets as the list has entries are waiting to be served: let the thread serve
      // them.
      this.Block(() => this.#control.Push(id), Limits.commandTimeoutMs);
    }
    if (urgent) this.Wake();
    else this.#scheduleWake();
  }

  Wake(): void {
    if (this.#control.ClaimWake()) this.#port.postMessage(0);
  }

  /** Reads what the thread has reported, without waiting for the event loop to deliver it. */
  Drain(): void {
    while (this.#handled !== this.#control.Posted()) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      this.#onReport(received.message as Report, tellLater);
    }
  }

  /** Sleeps until `ready()` or the thread is dead; see NetBackend.Block. */
  Block(ready: () => boolean, timeoutMs: number): boolean {
    const end = performance.now() + timeoutMs;
    let silent = 0;
    this.Wake();
    for (;;) {
      const seen = this.#control.Sequence();
      this.Drain();
      if (ready()) return true;
      const left = end - performance.now();
      if (left <= 0) return false;
      if (this.IsDead()) {
        this.Bury();
        return ready();
      }
      this.#control.Wait(seen, Math.min(left, Limits.threadPulseMs));
      // A thread that the system killed, being out of memory, cannot say so, and its "exit" event
      // needs the event loop, which this call holds up. One that lives takes a wake.
      const heard = this.#control.Sequence() !== seen || !this.#control.IsWakePending();
      silent = heard ? 0 : silent + 1;
      if (silent === this.#silentPulses) void this.Terminate();
      this.Wake();
    }
  }

  /**
   * The thread is dead: whoever waits for something of it learns so, now. Its own last words, which
   * the log line quotes, come later with its events.
   */
  Bury(): void {
    this.#control.MarkDead();
    this.Drain();
    const owners = [...this.#held.values()];
    this.#lost += owners.length;
    this.#held.clear();
    for (const owner of owners) owner?.OnThreadDeath();
    tellLater(owners);
  }

  /** Ends the thread at once, as a crash would; for tests and for hosts that must not wait. */
  async Terminate(): Promise<void> {
    this.#control.MarkDead();
    this.#worker.ref();
    await this.#worker.terminate();
  }

  #scheduleWake(): void {
    if (this.#wakeScheduled) return;
    this.#wakeScheduled = true;
    queueMicrotask(() => {
      this.#wakeScheduled = false;
      this.Wake();
    });
  }

  #onReport(report: Report, tellActive: (owners: readonly (Owner | null)[]) => void): void {
    this.#handled = (this.#handled + 1) | 0;
    switch (report.Op) {
      case "accepted":
        return this.#held.get(report.Listener)?.OnThreadReport(report);
      case "secured":
        return this.#held.get(report.Id)?.OnThreadReport(report);
      case "lookedUp":
        this.#held.get(report.Id)?.OnThreadReport(report);
        return this.Release(report.Id);
      case "activity":
        return tellActive(report.Ids.map((id) => this.#held.get(id) ?? null));
      case "ended":
        for (const id of report.Ids) this.Release(id);
    }
  }

  #onDeath(why: string): void {
    this.Bury();
    if (this.#lost === 0) return;
    NetLog.Error(`The network thread died (${why}); open sockets lost: ${this.#lost}.`);
    this.#lost = 0;
  }
}

function tell(owners: readonly (Owner | null)[]): void {
  for (const owner of owners) owner?.OnThreadActivity();
}

/** For reports that were read in the middle of a tick: handlers run from the event loop only. */
function tellLater(owners: readonly (Owner | null)[]): void {
  if (owners.length > 0) setImmediate(() => tell(owners));
}

/**
 * Node 20 starts a worker from JavaScript only, so the thread always comes from the compiled
 * output, whether this file runs compiled or as TypeScript under a test runner.
 */
function threadEntry(): string {
  return createRequire(import.meta.url).resolve("#net-thread");
}
