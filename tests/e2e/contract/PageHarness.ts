/**
 * The contract suite's harness inside a page: the page's own backend, at its own bridge, and a far
 * end in Node.js.
 */
import { DefaultBackend } from "../../../networking/core/DefaultBackend.ts";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import type { TLSClientSettings } from "../../../networking/core/TLSOptions.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import type {
  FarCertificate,
  FarPeer,
  FarServer,
  Harness,
  Place,
} from "../../networking/backends/contract/Harness.ts";
import { WebTraits } from "../../networking/backends/contract/WebTraits.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { FarCall, FarHandle } from "./FarCall.ts";

class RemotePeer implements FarPeer {
  readonly #call: FarCall;
  readonly #far: number;

  constructor(call: FarCall, { Far }: FarHandle) {
    this.#call = call;
    this.#far = Far;
  }

  get RemotePort(): number {
    return this.#call.Ask(this.#far, "RemotePort") as number;
  }

  Send(data: Uint8Array): void {
    if (data.length > 0) this.#call.Ask(this.#far, "Send", [], data);
  }

  Finish(): void {
    this.#call.Ask(this.#far, "Finish");
  }

  Reset(): void {
    this.#call.Ask(this.#far, "Reset");
  }

  StopReading(): void {
    this.#call.Ask(this.#far, "StopReading");
  }

  Read(): void {
    this.#call.Ask(this.#far, "Read");
  }

  Received(): Uint8Array {
    const text = atob(this.#call.Ask(this.#far, "Received") as string);
    return Uint8Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  }

  ReceivedCount(): number {
    return this.#call.Ask(this.#far, "ReceivedCount") as number;
  }

  IsFinished(): boolean {
    return this.#call.Ask(this.#far, "IsFinished") as boolean;
  }

  WasReset(): boolean {
    return this.#call.Ask(this.#far, "WasReset") as boolean;
  }
}

class RemoteServer implements FarServer {
  readonly #call: FarCall;
  readonly #far: number;
  readonly Port: number;
  readonly #peers: RemotePeer[] = [];

  constructor(call: FarCall, { Far }: FarHandle) {
    this.#call = call;
    this.#far = Far;
    this.Port = call.Ask(Far, "Port") as number;
  }

  get Peers(): readonly FarPeer[] {
    const handles = this.#call.Ask(this.#far, "Peers") as FarHandle[];
    for (const handle of handles.slice(this.#peers.length)) {
      this.#peers.push(new RemotePeer(this.#call, handle));
    }
    return this.#peers;
  }

  Stop(): void {
    this.#call.Ask(this.#far, "Stop");
  }
}

/**
 * A millisecond and a turn of the event loop. A browser makes a timer that was set by a timer's
 * task wait for four; one that was set by a message's task it does not.
 */
function nextRun(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener("message", () => {
      port1.close();
      setTimeout(resolve, 1);
    });
    port1.start();
    port2.postMessage(null);
  });
}

/** The far end's harness. */
const beyond = 0;

export class PageHarness implements Harness {
  readonly Traits = WebTraits;
  readonly #call: FarCall;

  constructor(call: FarCall) {
    this.#call = call;
  }

  /** Made at its first use: the cases can be listed where there is no page. */
  get Backend(): NetBackend {
    return DefaultBackend();
  }

  FarServer(host: string, reading: boolean): Promise<FarServer> {
    const handle = this.#call.Ask(beyond, "FarServer", [host, reading]) as FarHandle;
    return Promise.resolve(new RemoteServer(this.#call, handle));
  }

  FarClient(port: number, host: string): FarPeer {
    const handle = this.#call.Ask(beyond, "FarClient", [port, host]) as FarHandle;
    return new RemotePeer(this.#call, handle);
  }

  TlsServer(which: FarCertificate): Promise<FarServer> {
    const handle = this.#call.Ask(beyond, "TlsServer", [which]) as FarHandle;
    return Promise.resolve(new RemoteServer(this.#call, handle));
  }

  /** It is the bridge that trusts. */
  TlsClient(more: TLSClientSettings = {}): TLSOptions {
    return TLSOptions.Client(null, more);
  }

  Silent(): Promise<Place> {
    return Promise.resolve(this.#call.Ask(beyond, "Silent") as Place);
  }

  Until(holds: () => boolean, what: string): Promise<void> {
    return WaitFor(holds, what, nextRun);
  }

  Held(): number {
    return this.#call.Ask(beyond, "Held") as number;
  }

  /** Node.js ends the bridge and what is beyond it. */
  End(): Promise<void> {
    return Promise.resolve();
  }
}
