/** The contract suite's harness for the in-process network: one machine, and its virtual clock. */
import { MemoryBackend } from "../../../../networking/backends/memory/MemoryBackend.ts";
import { MemoryNetwork } from "../../../../networking/backends/memory/MemoryNetwork.ts";
import type { FarPeer, FarServer, Harness, Place, Traits } from "./Harness.ts";
import { ConnectMemoryFar, MemoryFarServer } from "./MemoryFar.ts";

/** Virtual milliseconds. */
const ceilingMs = 60_000;
const silentHost = "127.9.9.9";

export class MemoryHarness implements Harness {
  readonly Traits: Traits = {
    Name: "memory",
    Capabilities: {
      Blocking: true,
      SynchronousListen: true,
      Listen: true,
      Bind: true,
      Udp: false,
      Tls: false,
      LocalAddresses: true,
    },
    CountsDropped: true,
    LongWaits: true,
    ConnectTimeouts: [
      { OptionMs: null, ExpectedMs: 10_000 },
      { OptionMs: 1, ExpectedMs: 1 },
      { OptionMs: 30_000, ExpectedMs: 30_000 },
    ],
    UnknownName: "no-such-host.invalid",
  };
  readonly #network = new MemoryNetwork();
  readonly Backend = new MemoryBackend(this.#network);

  FarServer(host: string, reading: boolean): Promise<FarServer> {
    return Promise.resolve(new MemoryFarServer(this.Backend, host, reading));
  }

  FarClient(port: number, host: string): FarPeer {
    return ConnectMemoryFar(this.Backend, port, host);
  }

  Silent(): Promise<Place> {
    this.#network.Inject({ Kind: "silence", ForMs: Infinity, At: silentHost });
    return Promise.resolve({ Host: silentHost, Port: 9 });
  }

  /** A millisecond and a synchronous run at a time. */
  async Until(holds: () => boolean, what: string): Promise<void> {
    const endMs = this.#network.Now() + ceilingMs;
    while (!holds()) {
      if (this.#network.Now() > endMs) {
        const last = this.#network.Trace.Lines().slice(-20).join("\n");
        throw new Error(`Waited ${ceilingMs} ms in vain for ${what}:\n${last}`);
      }
      this.#network.Advance(1);
      await Promise.resolve();
    }
  }

  Held(): number {
    const { Sockets, Listeners, Lookups, Timers } = this.#network.GivenBack();
    return Sockets + Listeners + Lookups + Timers;
  }

  End(): Promise<void> {
    return Promise.resolve();
  }
}
