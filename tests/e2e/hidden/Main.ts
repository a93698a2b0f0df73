/**
 * The page that its test hides: a game that runs while pictures are shown, and beside it what goes
 * on with the page's timers, a server among it. It only shows what it has; the test judges.
 */
import { FrameClock, MainLoop, Node, SceneTree, TimerClock } from "../../../engine/index.ts";
import { DefaultBackend } from "../../../networking/backends/web/index.ts";
import type { LinkState } from "../../../networking/backends/web/index.ts";
import { TCPServerNode } from "../../../networking/index.ts";
import type { ReaderFacts } from "./Reader.ts";
import { Reader } from "./Reader.ts";

export interface PageFacts {
  readonly Now: number;
  /** Runs of a chain of timers, each of which asks for the next in 10 ms. */
  readonly TimerRuns: number;
  /** Ticks of the game, and the longest time that one was told, in seconds. */
  readonly Ticks: number;
  readonly LongestDelta: number;
  /** Read by the game. */
  readonly Game: ReaderFacts;
  /** Read by timers. */
  readonly Steady: ReaderFacts;
  readonly Link: LinkState;
  /** Where the page's server listens; 0 while it does not. */
  readonly ServerPort: number;
}

declare global {
  var moonwireHidden: { Look(): PageFacts } | undefined;
}

class Meter extends Node {
  Ticks = 0;
  LongestDelta = 0;

  override Process(delta: number): void {
    this.Ticks++;
    this.LongestDelta = Math.max(this.LongestDelta, delta);
  }
}

const ports = new URLSearchParams(location.search);
const game = new Reader(Number(ports.get("game")));
const steady = new Reader(Number(ports.get("steady")));
const meter = new Meter();
const server = new TCPServerNode();
server.PeerConnected.Connect((peer) => peer.PutU8(1));
let timerRuns = 0;

function run(): void {
  timerRuns++;
  setTimeout(run, 10);
}

const shown = new SceneTree();
for (const node of [game, meter]) shown.Root.AddChild(node);
new MainLoop(shown, new FrameClock()).Start();
const always = new SceneTree();
for (const node of [steady, server]) always.Root.AddChild(node);
new MainLoop(always, new TimerClock(60)).Start();
run();

globalThis.moonwireHidden = {
  Look: () => ({
    Now: performance.now(),
    TimerRuns: timerRuns,
    Ticks: meter.Ticks,
    LongestDelta: meter.LongestDelta,
    Game: game.Look(),
    Steady: steady.Look(),
    Link: DefaultBackend().LinkState(),
    ServerPort: server.GetLocalPort(),
  }),
};
