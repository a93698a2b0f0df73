/** The real bridge of the contract suite, and the plain sockets and servers beyond it. */
import { pino } from "pino";
import { BridgeServer } from "../../../../networking/bridge/BridgeServer.ts";
import { Certificates } from "../../../Support/Certificates.ts";
import { NodeHarness } from "./NodeHarness.ts";
import { WebTraits } from "./WebTraits.ts";

/** A suite opens and ends more streams in a second than a page may. */
const busy = { connectsPerSecond: 1e6, resolvesPerSecond: 1e6, endsPerSecond: 1e6 };

export class SuiteBridge {
  readonly Beyond: NodeHarness;
  readonly #server: BridgeServer;

  private constructor(server: BridgeServer, beyond: NodeHarness) {
    this.#server = server;
    this.Beyond = beyond;
  }

  /** @param folder of pages to serve, or null. */
  static async Start(folder: string | null = null): Promise<SuiteBridge> {
    const beyond = new NodeHarness();
    const server = new BridgeServer({
      Port: 0,
      Dev: true,
      ListenPorts: "20000-29999",
      Allow: [`${WebTraits.UnknownName}:1-65535`],
      TargetAuthorities: Certificates().Ca.Certificate,
      Backend: beyond.Backend,
      Logger: pino({ level: "silent" }),
      Limits: busy,
      ...(folder === null ? {} : { Static: folder }),
    });
    await server.Start();
    return new SuiteBridge(server, beyond);
  }

  Port(): number {
    return this.#server.Port();
  }

  async End(): Promise<void> {
    await this.#server.Stop(0);
    await this.Beyond.End();
  }
}
