/** The contract suite's harness for the page's backend: a real bridge, and a real `ws` to it. */
import { pino } from "pino";
import { WebBackend } from "../../../../networking/backends/web/WebBackend.ts";
import { BridgeServer } from "../../../../networking/bridge/BridgeServer.ts";
import { PageSocket } from "../../bridge/UseBridge.ts";
import type { FarPeer, FarServer, Harness, Place, Traits } from "./Harness.ts";
import { NodeHarness } from "./NodeHarness.ts";

const unknownName = "no-such-host.invalid";
/** A suite opens and ends more streams in a second than a page may. */
const busy = { connectsPerSecond: 1e6, resolvesPerSecond: 1e6, endsPerSecond: 1e6 };

export class WebHarness implements Harness {
  readonly Traits: Traits = {
    Name: "web",
    Capabilities: {
      Blocking: false,
      SynchronousListen: false,
      Listen: false,
      Bind: false,
      Tls: false,
      LocalAddresses: false,
    },
    LongWaits: false,
    ConnectTimeouts: [
      { OptionMs: 1, ExpectedMs: 1 },
      { OptionMs: 150, ExpectedMs: 150 },
    ],
    UnknownName: unknownName,
  };
  readonly Backend: WebBackend;
  readonly #bridge: BridgeServer;
  readonly #beyond: NodeHarness;

  private constructor(bridge: BridgeServer, beyond: NodeHarness) {
    this.#bridge = bridge;
    this.#beyond = beyond;
    const Url = `ws://127.0.0.1:${bridge.Port()}/bridge/`;
    this.Backend = new WebBackend({ Url, WebSocket: PageSocket });
  }

  static async Start(): Promise<WebHarness> {
    const beyond = new NodeHarness();
    const bridge = new BridgeServer({
      Port: 0,
      Dev: true,
      Allow: [`${unknownName}:1-65535`],
      Backend: beyond.Backend,
      Logger: pino({ level: "silent" }),
      Limits: busy,
    });
    await bridge.Start();
    return new WebHarness(bridge, beyond);
  }

  FarServer(host: string, reading: boolean): Promise<FarServer> {
    return this.#beyond.FarServer(host, reading);
  }

  FarClient(port: number, host: string): FarPeer {
    return this.#beyond.FarClient(port, host);
  }

  Silent(): Promise<Place> {
    return this.#beyond.Silent();
  }

  Until(holds: () => boolean, what: string): Promise<void> {
    return this.#beyond.Until(holds, what);
  }

  Held(): number {
    return this.#beyond.Held();
  }

  async End(): Promise<void> {
    this.Backend.Disconnect();
    await this.#bridge.Stop(0);
    await this.#beyond.End();
  }
}
