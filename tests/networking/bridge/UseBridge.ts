/** Bridges, pages and clients for one test file; all of them end with their test. */
import { Writable } from "node:stream";
import { pino } from "pino";
import { WebSocket } from "ws";
import type { WebSocketConstructor } from "../../../networking/backends/web/BridgeLink.ts";
import { WebBackend } from "../../../networking/backends/web/WebBackend.ts";
import type { BridgeServerOptions } from "../../../networking/bridge/BridgeOptions.ts";
import { BridgeServer } from "../../../networking/bridge/BridgeServer.ts";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import type { Network } from "../../Support/Network.ts";
import type { ClientOptions } from "./WispClient.ts";
import { WispClient, pageOrigin } from "./WispClient.ts";

/** The WebSocket of a page, which names its origin by itself. */
class PageWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols ?? [], { origin: pageOrigin });
  }
}
/** `ws` has the browser's events and calls, with types of its own. */
export const PageSocket = PageWebSocket as unknown as WebSocketConstructor;

export class TestBridge {
  readonly Server: BridgeServer;
  readonly LogLines: Record<string, unknown>[] = [];
  readonly #network: Network;

  constructor(network: Network, options: BridgeServerOptions) {
    this.#network = network;
    const stream = new Writable({
      write: (line: Buffer, _encoding, done) => {
        this.LogLines.push(JSON.parse(line.toString()) as Record<string, unknown>);
        done();
      },
    });
    this.Server = new BridgeServer({
      Port: 0,
      Backend: network.Backend,
      Logger: pino(stream),
      ...options,
    });
    network.Ending(() => void this.Server.Stop(0));
  }

  get Url(): string {
    return `ws://127.0.0.1:${this.Server.Port()}/bridge/`;
  }

  Client(options: ClientOptions = {}): WispClient {
    const client = new WispClient(this.Server.Port(), options);
    this.#network.Ending(() => client.End());
    return client;
  }

  /** A page's backend, linked to this bridge when it is first used. */
  Page(): WebBackend {
    return NewPage(this.#network, this.Url);
  }

  PageStream(page: NetBackend = this.Page()): StreamPeerTCP {
    return this.#network.Stream({ Backend: page });
  }
}

export function NewPage(network: Network, url: string): WebBackend {
  const page = new WebBackend({ Url: url, WebSocket: PageSocket });
  network.Ending(() => page.Disconnect());
  return page;
}

/** A bridge that listens, with `--dev` unless told otherwise. */
export async function StartBridge(
  network: Network,
  options: BridgeServerOptions = { Dev: true },
): Promise<TestBridge> {
  const bridge = new TestBridge(network, options);
  await bridge.Server.Start();
  return bridge;
}

/** A bridge that clients get to, in this process or in another. */
type ClientSource = Pick<TestBridge, "Client">;

/** A client that speaks MWX by hand, past its handshake. */
export async function MwxClient(bridge: ClientSource): Promise<WispClient> {
  const client = bridge.Client({ Protocols: ["mwx1"] });
  await client.WaitPacket(PacketType.INFO);
  client.SendInfo({ Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) });
  await client.WaitPacket(PacketType.CONTINUE);
  return client;
}

/** A v1 client, past its handshake. */
export async function PlainClient(bridge: ClientSource): Promise<WispClient> {
  const client = bridge.Client();
  await client.WaitPacket(PacketType.CONTINUE);
  return client;
}
