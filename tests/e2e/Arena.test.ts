/** Two people in the arena: real pages, a real bridge, a real server, and servers that die. */
import { afterEach, expect, test } from "vitest";
import { KillPrograms, Program } from "../demos/launch/Program.ts";
import { Bridge } from "./Bridge.ts";
import type { Visit } from "./Page.ts";
import { Phone, UseBrowser } from "./Page.ts";
import { Hunt, Look, ShipNamed } from "./Steering.ts";

// The last hook runs first: pages are closed and asked for problems before their servers end.
afterEach(KillPrograms);
const browsing = UseBrowser();

interface Arena {
  Server: Program;
  readonly ServerPort: string;
  readonly Bridge: Bridge;
  readonly Url: string;
}

function startServer(port: string): Program {
  return new Program("demos/arena/server.js", ["--port", port]);
}

async function startArena(): Promise<Arena> {
  const server = startServer("0");
  const port = await server.Says(/arena listening on 127\.0\.0\.1:(\d+)/);
  const bridge = new Bridge([`arena=127.0.0.1:${port}`]);
  const url = `${await bridge.Url()}demos/arena/`;
  return { Server: server, ServerPort: port, Bridge: bridge, Url: url };
}

/** Two people who see each other, one with a keyboard and one with a phone. */
async function twoPilots(url: string): Promise<{ ada: Visit; grace: Visit }> {
  const [ada, grace] = await Promise.all([browsing.Visit(url), browsing.Visit(url, Phone)]);
  await Promise.all([join(ada, "Ada"), join(grace, "Grace")]);
  await both([ada, grace], seesTwo);
  return { ada, grace };
}

async function join({ Page }: Visit, name: string): Promise<void> {
  await Page.getByTestId("join-name").fill(name);
  await Page.getByTestId("join-go").click();
}

/** Waits until both see each other fly. */
async function seesTwo({ Page }: Visit): Promise<void> {
  await Page.waitForFunction(() => {
    const { Status, Ships } = window.moonwireArena!;
    const names = Ships.map(({ Name }) => Name).toSorted();
    return Status === "playing" && names.join() === "Ada,Grace";
  });
  await Page.getByTestId("overlay").waitFor({ state: "hidden" });
}

async function both(visits: Visit[], act: (visit: Visit) => Promise<void>): Promise<void> {
  await Promise.all(visits.map(act));
}

async function titleOf({ Page }: Visit): Promise<string> {
  await Page.getByTestId("overlay").waitFor();
  return await Page.getByTestId("overlay-title").innerText();
}

test("what one steers, the other sees", async () => {
  const { ada, grace } = await twoPilots((await startArena()).Url);
  const before = ShipNamed(await Look(grace.Page), "Ada");
  await ada.Page.keyboard.down("ArrowUp");
  await grace.Page.waitForFunction(({ Id, X, Y }) => {
    const now = window.moonwireArena!.Ships.find((ship) => ship.Id === Id);
    return now !== undefined && Math.hypot(now.X - X, now.Y - Y) > 100;
  }, before);
  await both([ada, grace], ({ Page }) => Page.getByTestId("net-panel").waitFor());
  await ada.Picture("arena-flying");
  await grace.Picture("arena-phone");
  await ada.Page.keyboard.up("ArrowUp");

  const angle = ShipNamed(await Look(ada.Page), "Grace").Angle;
  await grace.Page.getByRole("button", { name: "Turn left" }).tap();
  await ada.Page.waitForFunction((was) => {
    const now = window.moonwireArena!.Ships.find(({ Name }) => Name === "Grace");
    return now !== undefined && now.Angle !== was;
  }, angle);
  expect((await Look(ada.Page)).RoundTripMs).toBeGreaterThan(0);
});

test("with TLS the page says so, and sees the others", async () => {
  const launcher = new Program("demos/Launch.js", ["--port", "0", "--arena-port", "0", "--tls"]);
  const url = await launcher.Says(/Pages +(\S+)/);
  const ada = await browsing.Visit(`${url}demos/arena/`);
  await join(ada, "Ada");
  await ada.Page.waitForFunction(() => window.moonwireArena!.Ships.length === 5);
  await ada.Page.getByTestId("net-tls").getByText("TLS 1.3").waitFor();
  await ada.Picture("arena-tls");
});

test("three hits wreck the other ship and count one point on both pages", async () => {
  const { ada, grace } = await twoPilots((await startArena()).Url);
  await Hunt(ada.Page, "Ada", "Grace", (seen) => ShipNamed(seen, "Grace").Hull < 3);
  await ada.Picture("arena-hit");
  await Hunt(ada.Page, "Ada", "Grace", (seen) => ShipNamed(seen, "Ada").Score > 0);
  await grace.Page.getByText(/^Wrecked\. Back in \d$/).waitFor();
  await both([ada, grace], async (visit) => {
    const scores = visit.Page.getByTestId("scores").locator("li");
    await visit.Page.waitForFunction(() => window.moonwireArena!.Ships.some((s) => s.Score === 1));
    expect(await scores.allInnerTexts()).toEqual(["Ada\n1", "Grace\n0"]);
  });
  await ada.Picture("arena-score");
  await grace.Picture("arena-wrecked");
  await grace.Page.getByTestId("notice").waitFor({ state: "hidden" });
  expect(ShipNamed(await Look(grace.Page), "Grace").Hull).toBe(3);
});

test("both come back by themselves when the server was killed", async () => {
  const arena = await startArena();
  const { ada, grace } = await twoPilots(arena.Url);
  await arena.Server.Exit("SIGKILL");
  expect(await titleOf(ada)).toMatch(/^(Connection lost|The arena does not answer)$/);
  expect(await titleOf(grace)).toMatch(/^(Connection lost|The arena does not answer)$/);
  await ada.Page.getByText("The host refused the connection").waitFor();
  await both([ada, grace], (visit) => visit.Picture(`arena-lost-${visit === ada ? 1 : 2}`));
  await startServer(arena.ServerPort).Says(/2 in the arena/);
  await both([ada, grace], seesTwo);
  await ada.Page.getByTestId("net-errors").getByText("connection refused").waitFor();
  await ada.Page.getByTestId("net-connect").getByText("2 times").waitFor();
  await ada.Picture("arena-back");
});

test("both come back by themselves when the bridge was killed", async () => {
  const arena = await startArena();
  const { ada, grace } = await twoPilots(arena.Url);
  const port = await arena.Bridge.Port();
  const whileDown = [
    /^WebSocket connection to 'ws:\/\/[^']+' failed: .*ERR_CONNECTION_(REFUSED|RESET)/,
  ];
  const restart = async (): Promise<void> => {
    await arena.Bridge.Program.Exit("SIGKILL");
    await both([ada, grace], ({ Page }) => Page.getByText("No bridge", { exact: true }).waitFor());
    await ada.Picture("arena-no-bridge");
    await new Bridge([`arena=127.0.0.1:${arena.ServerPort}`], port).Port();
    await both([ada, grace], seesTwo);
  };
  await ada.Expecting(whileDown, () => grace.Expecting(whileDown, restart));
});
