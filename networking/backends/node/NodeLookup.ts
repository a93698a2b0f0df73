/** A name lookup on the network thread; its answer comes as one report. */
import type { IpAddress } from "../../core/IpAddress.ts";
import type { BackendLookup, Family } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import type { Report } from "./Commands.ts";
import { AddressOf } from "./Endpoints.ts";
import type { Owner, ThreadLink } from "./ThreadLink.ts";

export class NodeLookup implements BackendLookup, Owner {
  readonly #thread: ThreadLink;
  #done = false;
  #failure: SocketError = SocketError.SUCCESS;
  #addresses: readonly IpAddress[] = [];
  #handlers: (() => void)[] = [];

  constructor(thread: ThreadLink, name: string, family: Family) {
    this.#thread = thread;
    const id = thread.NewId();
    thread.Hold(id, this);
    thread.Send({ Op: "lookup", Id: id, Name: name, Family: family });
  }

  Done(): boolean {
    this.#thread.Drain();
    return this.#done;
  }

  Failure(): SocketError {
    return this.#failure;
  }

  Addresses(): readonly IpAddress[] {
    return this.#addresses;
  }

  OnDone(handler: () => void): void {
    if (this.#done) setImmediate(handler);
    else this.#handlers.push(handler);
  }

  OnThreadActivity(): void {
    // Lookups are never watched.
  }

  OnThreadReport(report: Report): void {
    if (report.Op !== "lookedUp") return;
    this.#finish(
      report.Failure,
      report.Addresses.map((text) => AddressOf(text)),
    );
  }

  OnThreadDeath(): void {
    this.#finish(SocketError.UNAVAILABLE, []);
  }

  #finish(failure: SocketError, addresses: readonly IpAddress[]): void {
    this.#done = true;
    this.#failure = failure;
    this.#addresses = addresses;
    // A report may be read in the middle of a tick; handlers run from the event loop.
    for (const handler of this.#handlers) setImmediate(handler);
    this.#handlers = [];
  }
}
