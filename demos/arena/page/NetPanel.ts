/** Round-trip time and bytes per second, with the last half minute as a plot. */
import { Node } from "moonwire/engine";
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
  readonly #texts: { rtt: Element; in: Element; out: Element };
  readonly #lines: { in: Element; out: Element };
  readonly #in: number[] = [];
  readonly #out: number[] = [];
  #seconds = 0;
  #bytesIn = 0;
  #bytesOut = 0;

  constructor(client: ArenaClient, panel: HTMLElement) {
    super();
    this.#client = client;
    this.#panel = panel;
    const text = (id: string): Element => Find(`[data-testid="net-${id}"]`, Element, panel);
    this.#texts = { rtt: text("rtt"), in: text("in"), out: text("out") };
    this.#lines = {
      in: Find("polyline.in", Element, panel),
      out: Find("polyline.out", Element, panel),
    };
  }

  override Process(delta: number): void {
    this.#seconds += delta;
    if (this.#seconds < sampleSeconds) return;
    const { BytesIn, BytesOut, RoundTripMs } = this.#client;
    push(this.#in, (BytesIn - this.#bytesIn) / this.#seconds);
    push(this.#out, (BytesOut - this.#bytesOut) / this.#seconds);
    this.#bytesIn = BytesIn;
    this.#bytesOut = BytesOut;
    this.#seconds = 0;
    this.#show(RoundTripMs);
  }

  #show(roundTripMs: number): void {
    this.#panel.hidden = false;
    this.#texts.rtt.textContent = roundTripMs > 0 ? `${Math.round(roundTripMs)} ms` : "–";
    this.#texts.in.textContent = rate(this.#in.at(-1) ?? 0);
    this.#texts.out.textContent = rate(this.#out.at(-1) ?? 0);
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

function rate(bytesPerSecond: number): string {
  if (bytesPerSecond < 1_000) return `${Math.round(bytesPerSecond)} B/s`;
  return `${(bytesPerSecond / 1_000).toFixed(1)} kB/s`;
}
