/**
 * Pages in a tab that is hidden, in a browser that slows hidden tabs down as it does for everybody:
 * no pictures, and timers that run once a second, or once a minute as they do after the first
 * five. The minute is a real one, and all tests spend it at the same time.
 */
import { rm } from "node:fs/promises";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Rules } from "../../demos/host/Rules.ts";
import { LinkState } from "../../networking/backends/web/BridgeLink.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import { Status } from "../../networking/core/Status.ts";
import { KillPrograms, Program } from "../demos/launch/Program.ts";
import { Standstill } from "../networking/bridge/FlowEnds.ts";
import { ConnectPlain } from "../Support/PlainPeer.ts";
import { NextRun } from "../Support/WaitFor.ts";
import { Bridge } from "./Bridge.ts";
import { BundlePage } from "./Bundle.ts";
import type { Flood } from "./hidden/FarEnd.ts";
import type { PageFacts } from "./hidden/Main.ts";
import { Stage } from "./hidden/Stage.ts";
import { Host, Join, UntilNames } from "./HostGame.ts";
import { EveryMinuteSoon, Tabs } from "./Tabs.ts";

const minuteMs = 60_000;
/** Longer than the arena's patience with a silent pilot, which is thirty seconds. */
const demosMs = 35_000;
/** A stream's ring in the page. */
const ringBytes = 65_536;
/** More than the bridge and two systems' sockets hold, and far less than a minute brings. */
const onTheWayBytes = 67_108_864;
/** MainLoop's eight steps of a sixtieth. */
const longestDelta = 8 / 60;
const { STATUS_CONNECTED, STATUS_NONE } = Status;

/** How often timers run, by which flags, and so the fewest and most runs in a minute. */
const timers: [string, string[], number, number][] = [
  ["second", [], 40, 65],
  ["minute", [EveryMinuteSoon], 5, 14],
];

/** Whose page is hidden, or whose test is over. */
const atRest = new Set<string>();
let pages = "";
beforeAll(async () => {
  pages = (await BundlePage("hidden")).Folder;
});
// Not after each test: the others still need theirs.
afterAll(async () => {
  KillPrograms();
  await rm(pages, { recursive: true });
});

function runsPerMinute(from: PageFacts, to: PageFacts): number {
  return ((to.TimerRuns - from.TimerRuns) / (to.Now - from.Now)) * minuteMs;
}

/** Waits until a page that is shown has streams, a server, and timers as it wants them. */
async function untilAtWork(stage: Stage): Promise<PageFacts> {
  const opened = await stage.Look();
  const shown = await stage.Until(
    ({ Game, Steady, ServerPort, TimerRuns }) =>
      Math.min(Game.Received, Steady.Received, ServerPort) > 0 && TimerRuns > opened.TimerRuns + 20,
    "streams, a server and timers",
  );
  expect(runsPerMinute(opened, shown)).toBeGreaterThan(600);
  return shown;
}

/** The minute behind another tab, in which nobody reads what floods the game. */
async function throughTheMinute(
  stage: Stage,
  flood: Flood,
): Promise<Readonly<Record<"before" | "after", PageFacts>>> {
  const minute = NextRun(minuteMs);
  const before = await stage.Look();
  const stopped = await Standstill(() => flood.Sent, 3_000);
  expect(stopped - before.Game.Received).toBeLessThan(onTheWayBytes);
  const atBridge = await stage.AtBridge();
  expect(atBridge).toMatchObject({ Sessions: 1, SessionsOpened: 1, Streams: 3, Listeners: 1 });
  await minute;
  expect([flood.Sent, await stage.AtBridge()]).toEqual([stopped, atBridge]);
  return { before, after: await stage.Look() };
}

test.concurrent.for(timers)(
  "a page whose timers run once a %s keeps its link, its streams and all that they were sent",
  async ([often, flags, least, most], { onTestFinished }) => {
    onTestFinished(() => void atRest.add(often));
    const stage = await Stage.Open(pages, flags);
    onTestFinished(async () => expect(await stage.End()).toEqual([]));
    const { flood, little } = await stage.FarEnd.Send();
    const guest = ConnectPlain((await untilAtWork(stage)).ServerPort);
    await stage.Tabs.HideAll();
    atRest.add(often);
    const { before, after } = await throughTheMinute(stage, flood);
    expect(runsPerMinute(before, after)).toBeGreaterThan(least);
    expect(runsPerMinute(before, after)).toBeLessThan(most);
    expect([after.Ticks, after.Game.Waiting]).toEqual([before.Ticks, ringBytes]);
    expect(after.Steady.Received).toBeGreaterThan(before.Steady.Received);

    await stage.Tabs.Show(stage.Visit.Page);
    const { Link, Game, Steady } = await stage.Look();
    const connected = { Status: STATUS_CONNECTED, LastError: SocketError.SUCCESS, Right: true };
    expect([Link, Game, Steady]).toMatchObject([LinkState.READY, connected, connected]);
    await guest.WaitReceived(1);
    flood.Finish();
    little.Finish();
    const end = await stage.Until(
      (now) => now.Game.Status !== STATUS_CONNECTED && now.Steady.Status !== STATUS_CONNECTED,
      "the end of both streams",
    );
    const whole = { Status: STATUS_NONE, LastError: SocketError.SUCCESS, Right: true, Waiting: 0 };
    expect(end.Game).toEqual({ ...whole, Received: flood.Sent });
    expect(end.Steady).toEqual({ ...whole, Received: little.Sent });
    // The absence was one delta of a minute for the clock.
    expect(end.LongestDelta).toBe(longestDelta);

    await stage.Visit.Page.close();
    const nothing = { Sessions: 0, Streams: 0, Listeners: 0, WindowBytes: 0 };
    await stage.UntilAtBridge({ ...nothing, SessionsOpened: 1 });
  },
);

type Demos = Readonly<Record<"arena" | "host" | "guest", Page>>;

/** The arena with a pilot, and "Moths" with a host and a guest, each in a tab. */
async function openDemos(server: Program, bridge: Bridge, tabs: Tabs): Promise<Demos> {
  const { Page: arena } = await tabs.Visit(`${await bridge.Url()}demos/arena/`);
  await arena.getByTestId("join-name").fill("Linus");
  await arena.getByTestId("join-go").click();
  await server.Says(/Linus joined/);
  const { visit, code } = await Host(tabs, bridge, "Ada");
  const guest = await Join(tabs, bridge, "Grace", code);
  return { arena, host: visit.Page, guest: guest.Page };
}

test.concurrent(
  "Moths goes on unseen; a pilot whom the arena let go is back when shown",
  async (context) => {
    // Three browsers that start at once hold each other up.
    while (atRest.size < timers.length) await NextRun(20);
    const server = new Program("demos/arena/server.js", ["--port", "0"]);
    const port = await server.Says(/arena listening on 127\.0\.0\.1:(\d+)/);
    const bridge = new Bridge([`arena=127.0.0.1:${port}`], 0, ["--listen-ports", "26000-26999"]);
    const tabs = await Tabs.Open();
    context.onTestFinished(async () => expect(await tabs.Close()).toEqual([]));
    const { arena, host, guest } = await openDemos(server, bridge, tabs);
    await tabs.HideAll();
    const step = (page: Page): Promise<number> => page.evaluate(() => window.moonwireHost!.Tick);
    const before = await step(host);
    await NextRun(demosMs);
    const steps = (demosMs / 1_000) * Rules.stepsPerSecond;
    expect((await step(host)) - before).toBeGreaterThan(steps / 2);
    expect((await step(guest)) - before).toBeGreaterThan(steps / 2);
    expect(server.Output).toContain("Linus left");

    await tabs.Show(arena);
    await server.Says(/Linus left[^]+Linus joined/);
    await arena.waitForFunction(() => {
      const { Status, Ships } = window.moonwireArena!;
      return Status === "playing" && Ships.map(({ Name }) => Name).join() === "Linus";
    });
    for (const page of [host, guest]) {
      await tabs.Show(page);
      await UntilNames(page, ["Ada", "Grace"]);
    }
    // None of the three links was lost, and no stream but the pilot's.
    const said = ["session opened", "session closed", "stream closed"].map((m) => bridge.Said(m));
    expect(said).toEqual([3, 0, 1]);
  },
);
