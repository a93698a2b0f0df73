/** One page in a browser of its own, with a bridge and a far end, and what all of them know. */
import { ReadMetrics } from "../../networking/bridge/ReadMetrics.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Bridge } from "../Bridge.ts";
import type { Visit } from "../Page.ts";
import { Tabs } from "../Tabs.ts";
import { FarEnd } from "./FarEnd.ts";
import type { PageFacts } from "./Main.ts";

const ports = "25000-25999";

export interface BridgeFacts {
  readonly Sessions: number;
  readonly Streams: number;
  readonly Listeners: number;
  readonly WindowBytes: number;
  readonly SessionsOpened: number;
}

export class Stage {
  readonly Tabs: Tabs;
  readonly Visit: Visit;
  readonly FarEnd: FarEnd;
  readonly #bridge: Bridge;

  private constructor(tabs: Tabs, visit: Visit, farEnd: FarEnd, bridge: Bridge) {
    this.Tabs = tabs;
    this.Visit = visit;
    this.FarEnd = farEnd;
    this.#bridge = bridge;
  }

  /** @param pages that the bridge serves. @param flags of the browser. */
  static async Open(pages: string, flags: readonly string[]): Promise<Stage> {
    const more = ["--static", pages, "--listen-ports", ports, "--metrics-port", "0"];
    const bridge = new Bridge([], 0, more);
    const farEnd = await FarEnd.Start();
    const tabs = await Tabs.Open(flags);
    const visit = await tabs.Visit(`${await bridge.Url()}${farEnd.Query}`);
    return new Stage(tabs, visit, farEnd, bridge);
  }

  /** What the page has, whether it is shown or not. */
  Look(): Promise<PageFacts> {
    return this.Visit.Page.evaluate(() => globalThis.moonwireHidden!.Look());
  }

  /** Waits until the page has it. */
  async Until(holds: (facts: PageFacts) => boolean, what: string): Promise<PageFacts> {
    let facts = await this.Look();
    const look = async (): Promise<void> => {
      facts = await this.Look();
    };
    await WaitFor(() => holds(facts), what, look);
    return facts;
  }

  /** What the bridge has open, with its memory, and the sessions since its start. */
  async AtBridge(): Promise<BridgeFacts> {
    const port = await this.#bridge.Program.Says(/"metricsPort":(\d+)/);
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const metrics = ReadMetrics(await response.text());
    const read = (name: string): number => metrics.get(`moonwire_bridge_${name}`) ?? -1;
    return {
      Sessions: read("sessions"),
      Streams: read("streams"),
      Listeners: read("listeners"),
      WindowBytes: read("window_bytes"),
      SessionsOpened: read("sessions_opened_total"),
    };
  }

  async UntilAtBridge(wanted: BridgeFacts): Promise<void> {
    let last = "";
    await WaitFor(
      () => last === JSON.stringify(wanted),
      `${JSON.stringify(wanted)} at the bridge`,
      async () => {
        last = JSON.stringify(await this.AtBridge());
      },
    );
  }

  /** @returns what the page complained about. */
  async End(): Promise<string[]> {
    const problems = await this.Tabs.Close();
    this.FarEnd.Stop();
    return problems;
  }
}
