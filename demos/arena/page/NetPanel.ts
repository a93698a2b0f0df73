/**
 * What the network does, as a NetMonitor over the client sees it, and the round trip that the game
 * measures: bytes per second with the last half minute as a plot, packets, what waits in buffers,
 * how long the bridge had to wait for this page, connects, and errors.
 */
import { Node } from "moonwire/engine";
import { NetMonitor, SocketErrorName } from "moonwire/networking";
import type { NetRates, NetStatistics, StreamPeerTLS } from "moonwire/networking";
import { Find } from "../../Page.ts";
import type { ArenaClient } from "../ArenaClient.ts";
import { PlotPoints } from "./PlotPoints.ts";

const sampleSeconds = 0.5;
const maxSamples = 60;
const plot = { Width: 120, Height: 36 };
/** The plot's least full height, bytes per second, so that silence looks silent. */
const leastPeak = 2_000;

export class NetPanel extends Node {
  readonly #client: ArenaClient;
  readonly #panel: HTMLElement;
  readonly #lines: { in: Element; out: Element };
  readonly #in: number[] = [];
  readonly #out: number[] = [];

  constructor(client: ArenaClient, panel: HTMLElement) {
    super();
    this.#client = client;
    this.#panel = panel;
    this.#lines = {
      in: Find("polyline.in", Element, panel),
      out: Find("polyline.out", Element, panel),
    };
    const monitor = new NetMonitor();
    monitor.Interval = sampleSeconds;
    monitor.Watch(client.Net, "arena");
    monitor.Sampled.Connect((totals, rates) => this.#show(totals, rates));
    this.AddChild(monitor);
  }

  #show(totals: NetStatistics, rates: NetRates): void {
    const { RoundTripMs } = this.#client;
    const each = (a: string | number, b: string | number): string => `${a} in, ${b} out`;
    this.#panel.hidden = false;
    this.#write("rtt", RoundTripMs > 0 ? `${Math.round(RoundTripMs)} ms` : "–");
    this.#write("tls", security(this.#client.Net.GetTLS()));
    this.#write("in", `${bytes(rates.BytesIn)}/s`);
    this.#write("out", `${bytes(rates.BytesOut)}/s`);
    this.#write("packets", each(Math.round(rates.PacketsIn), Math.round(rates.PacketsOut)));
    this.#write("buffered", each(bytes(totals.BufferedIn), bytes(totals.BufferedOut)));
    this.#write("paused", `${(totals.PausedMs / 1_000).toFixed(1)} s`);
    this.#write("connect", connects(totals));
    this.#write("errors", errors(totals));
    this.#plot(rates);
  }

  #write(id: string, text: string): void {
    Find(`[data-testid="net-${id}"]`, Element, this.#panel).textContent = text;
  }

  #plot(rates: NetRates): void {
    push(this.#in, rates.BytesIn);
    push(this.#out, rates.BytesOut);
    const peak = Math.max(leastPeak, ...this.#in, ...this.#out);
    const points = (samples: readonly number[]): string =>
      PlotPoints(samples, maxSamples, peak, plot);
    this.#lines.in.setAttribute("points", points(this.#in));
    this.#lines.out.setAttribute("points", points(this.#out));
  }
}

function push(samples: number[], value: number): void {
  samples.push(value);
  if (samples.length > maxSamples) samples.shift();
}

function bytes(count: number): string {
  return count < 1_000 ? `${Math.round(count)} B` : `${(count / 1_000).toFixed(1)} kB`;
}

function connects({ Connects, MeanConnectMs }: NetStatistics): string {
  if (Connects === 0) return "–";
  const took = `${MeanConnectMs.toFixed(MeanConnectMs < 10 ? 1 : 0)} ms`;
  return Connects === 1 ? took : `${took}, ${Connects} times`;
}

/** Who may read along: with TLS the bridge still does, as it is the one that speaks it. */
function security(tls: StreamPeerTLS | null): string {
  const protocol = tls?.GetProtocol() ?? "";
  return protocol === "" ? "plain TCP" : protocol.replace("TLSv", "TLS ");
}

/** The count, and what happened most. */
function errors({ Errors, ErrorCount }: NetStatistics): string {
  const [most] = [...Errors].toSorted(([, a], [, b]) => b - a);
  if (most === undefined) return "none";
  const name = SocketErrorName(most[0]).toLowerCase().replaceAll("_", " ");
  return `${ErrorCount}, ${name}`;
}
