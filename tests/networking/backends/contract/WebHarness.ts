/** The contract suite's harness for the page's backend: a real bridge, and a real `ws` to it. */
import { WebBackend } from "../../../../networking/backends/web/WebBackend.ts";
import type { TLSClientSettings } from "../../../../networking/core/TLSOptions.ts";
import { TLSOptions } from "../../../../networking/core/TLSOptions.ts";
import { PageSocket } from "../../bridge/UseBridge.ts";
import type { FarCertificate, FarPeer, FarServer, Harness, Place } from "./Harness.ts";
import { SuiteBridge } from "./SuiteBridge.ts";
import { WebTraits } from "./WebTraits.ts";

export class WebHarness implements Harness {
  readonly Traits = WebTraits;
  readonly Backend: WebBackend;
  readonly #bridge: SuiteBridge;

  private constructor(bridge: SuiteBridge) {
    this.#bridge = bridge;
    const Url = `ws://127.0.0.1:${bridge.Port()}/bridge/`;
    this.Backend = new WebBackend({ Url, WebSocket: PageSocket });
  }

  static async Start(): Promise<WebHarness> {
    return new WebHarness(await SuiteBridge.Start());
  }

  FarServer(host: string, reading: boolean): Promise<FarServer> {
    return this.#bridge.Beyond.FarServer(host, reading);
  }

  FarClient(port: number, host: string): FarPeer {
    return this.#bridge.Beyond.FarClient(port, host);
  }

  TlsServer(which: FarCertificate): Promise<FarServer> {
    return this.#bridge.Beyond.TlsServer(which);
  }

  /** It is the bridge that trusts. */
  TlsClient(more: TLSClientSettings = {}): TLSOptions {
    return TLSOptions.Client(null, more);
  }

  Silent(): Promise<Place> {
    return this.#bridge.Beyond.Silent();
  }

  Until(holds: () => boolean, what: string): Promise<void> {
    return this.#bridge.Beyond.Until(holds, what);
  }

  Held(): number {
    return this.#bridge.Beyond.Held();
  }

  async End(): Promise<void> {
    this.Backend.Disconnect();
    await this.#bridge.End();
  }
}
