/** A compiled bridge in a process of its own, so that its memory is its own. Needs the build. */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import type { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { MemoryMiB } from "../../bench/bridge/ProcessUse.ts";
import type { Network } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { ClientOptions } from "./WispClient.ts";
import { WispClient } from "./WispClient.ts";

const entry = new URL("../../../dist/networking/bridge/index.js", import.meta.url).href;
/** Many streams at once, and ever new ones, are what these tests are about. */
const rates = { connectsPerSecond: 1e6, connectsBurst: 1e6, endsPerSecond: 1e6, endsBurst: 1e6 };
/** What is young in V8's heap comes and goes by as much; Node's own choice is 16 MiB. */
const flags = ["--max-semi-space-size=1", "--input-type=module", "--eval"];

export class BridgeProcess {
  /** The clients' ends of their connections, in the order of the upgrades. */
  readonly Sockets: Socket[] = [];
  readonly #network: Network;
  readonly #child: ChildProcess;
  #port = 0;

  private constructor(network: Network, limits: Partial<BridgeLimits>) {
    const options = JSON.stringify({ Port: 0, Dev: true, Limits: { ...rates, ...limits } });
    const code = `
      import { BridgeServer } from ${JSON.stringify(entry)};
      const server = new BridgeServer(${options});
      await server.Start();
      process.on("disconnect", () => process.exit());
      process.send(server.Port());`;
    this.#network = network;
    this.#child = spawn(process.execPath, [...flags, code], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#child.on("message", (port) => (this.#port = Number(port)));
    network.Ending(() => this.#child.kill("SIGKILL"));
  }

  static async Start(network: Network, limits: Partial<BridgeLimits> = {}): Promise<BridgeProcess> {
    const bridge = new BridgeProcess(network, limits);
    await WaitFor(() => bridge.#port > 0, "a bridge in a process of its own");
    return bridge;
  }

  get Url(): string {
    return `ws://127.0.0.1:${this.#port}/bridge/`;
  }

  Client(options: ClientOptions = {}): WispClient {
    const client = new WispClient(this.#port, options);
    client.WebSocket.once("upgrade", (response) => this.Sockets.push(response.socket));
    this.#network.Ending(() => client.End());
    return client;
  }

  /** What is resident, pages shared with others counted by share. */
  MemoryMiB(): number {
    return MemoryMiB(this.#child.pid ?? 0);
  }
}
