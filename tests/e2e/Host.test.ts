/** The game that a page hosts: three pages and a Node.js script over one real bridge. */
import type { Page } from "playwright";
import { afterEach, describe, expect, test } from "vitest";
import type {} from "../../demos/host/page/Handle.ts";
import { KillPrograms, Program } from "../demos/launch/Program.ts";
import { Bridge } from "./Bridge.ts";
import { CodeOf, Host, Join, Small, StartBridge, UntilNames, VisitMoths } from "./HostGame.ts";
import { UseBrowser } from "./Page.ts";

// The last hook runs first: pages are closed and asked for problems before their servers end.
afterEach(KillPrograms);
const browsing = UseBrowser();

/** Flies with the keys. @returns how far the moth of that name came, as `page` sees it. */
async function flown(from: Page, seenBy: Page, name: string): Promise<number> {
  const place = (): Promise<{ X: number; Y: number }> =>
    seenBy.evaluate(
      (wanted) => window.moonwireHost!.Moths.find(({ Name }) => Name === wanted)!,
      name,
    );
  const before = await place();
  const key = before.X > 0 ? "ArrowLeft" : "ArrowRight";
  await from.keyboard.down(key);
  await seenBy.waitForFunction(
    ([wanted, x]) =>
      Math.abs(window.moonwireHost!.Moths.find(({ Name }) => Name === wanted)!.X - x) > 60,
    [name, before.X] as const,
  );
  await from.keyboard.up(key);
  const after = await place();
  return Math.hypot(after.X - before.X, after.Y - before.Y);
}

describe("a game", () => {
  test("is hosted in one tab; two others and a Node.js script play in it", async () => {
    const bridge = StartBridge();
    const { visit: ada, code } = await Host(browsing, bridge, "Ada");
    expect(code).toMatch(/^[a-z]{6}$/);
    const grace = await Join(browsing, bridge, "Grace", code);
    const linus = await Join(browsing, bridge, "Linus", code);
    const script = new Program("demos/host/moth.js", [code, "--name", "Node"]);
    await script.Says(/Node flies at/);
    const all = ["Ada", "Grace", "Linus", "Node"];
    for (const { Page } of [ada, grace, linus]) await UntilNames(Page, all);

    expect(await flown(grace.Page, linus.Page, "Grace")).toBeGreaterThan(50);
    expect(await flown(ada.Page, grace.Page, "Ada")).toBeGreaterThan(50);
    await script.Says(/2 sparks/);
    await linus.Page.waitForFunction(() => {
      return window.moonwireHost!.Moths.some(({ Name, Score }) => Name === "Node" && Score > 1);
    });
    await ada.Page.setViewportSize({ width: 1280, height: 720 });
    await ada.Picture("host-ada");
    await ada.Page.setViewportSize(Small.viewport);
    await grace.Picture("host-grace");

    expect(await script.Exit("SIGTERM")).toBe(0);
    await grace.Page.close();
    await UntilNames(ada.Page, ["Ada", "Linus"]);
    await UntilNames(linus.Page, ["Ada", "Linus"]);
  });

  test("goes on while the host's tab is in the background", async () => {
    const bridge = StartBridge();
    const { visit: ada, code } = await Host(browsing, bridge, "Ada");
    const grace = await Join(browsing, bridge, "Grace", code);
    const session = await ada.Page.context().newCDPSession(ada.Page);
    await session.send("Emulation.setFocusEmulationEnabled", { enabled: false });
    const other = await ada.Page.context().newPage();
    await other.bringToFront();
    const tick = await grace.Page.evaluate(() => window.moonwireHost!.Tick);
    await grace.Page.waitForFunction((from) => window.moonwireHost!.Tick > from + 60, tick);
  });

  test("opens again with the bridge, at the same word, and its guests come back", async () => {
    const bridge = StartBridge();
    const port = await bridge.Port();
    const { visit: ada, code } = await Host(browsing, bridge, "Ada");
    const grace = await Join(browsing, bridge, "Grace", code);
    const expected = [/^WebSocket connection to 'ws:\/\/[^']+' failed: .*ERR_CONNECTION_REFUSED/];
    const whileAway = async (): Promise<void> => {
      await bridge.Program.Exit("SIGKILL");
      await ada.Page.getByText("The bridge is away.").waitFor();
      await grace.Page.getByTestId("guest-card").waitFor();
      await StartBridge(port).Port();
      expect(await CodeOf(ada.Page)).toBe(code);
      await UntilNames(ada.Page, ["Ada", "Grace"]);
      await UntilNames(grace.Page, ["Ada", "Grace"]);
    };
    await ada.Expecting(expected, () => grace.Expecting(expected, whileAway));
  });

  test("that its host leaves is over for the guests, who are told", async () => {
    const bridge = StartBridge();
    const { visit: ada, code } = await Host(browsing, bridge, "Ada");
    const grace = await Join(browsing, bridge, "Grace", code);
    await ada.Page.close();
    const card = grace.Page.getByTestId("guest-card");
    await card.getByText("Nobody hosts a game with this code.").waitFor();
    await grace.Picture("host-gone");
    await card.getByRole("button", { name: "Back" }).click();
    await grace.Page.getByTestId("lobby").waitFor();
  });

  test("is joined by a link", async () => {
    const bridge = StartBridge();
    const { code } = await Host(browsing, bridge, "Ada");
    const grace = await VisitMoths(browsing, bridge, "Grace", `#${code}`);
    await grace.Page.getByTestId("lobby-join").click();
    await UntilNames(grace.Page, ["Ada", "Grace"]);
  });
});

describe("what cannot be", () => {
  test("hosting at a bridge that lets no page listen says how to start one that does", async () => {
    const visit = await VisitMoths(browsing, new Bridge([]), "Ada");
    await visit.Page.getByTestId("lobby-host").click();
    await visit.Page.getByText("--listen-ports 7400-7499").waitFor();
    await visit.Picture("host-refused");
  });

  test("a word that is none is told in the lobby", async () => {
    const visit = await VisitMoths(browsing, StartBridge(), "Ada");
    await visit.Page.getByTestId("lobby-code").fill("xyzzy");
    await visit.Page.getByTestId("lobby-code").press("Enter");
    await visit.Page.getByTestId("lobby-problem").waitFor();
    await visit.Picture("host-lobby-problem");
  });

  test("a game too many is told by its host", async () => {
    const bridge = StartBridge();
    const { code } = await Host(browsing, bridge, "Ada");
    const scripts = Array.from({ length: 7 }, (_, i) => {
      return new Program("demos/host/moth.js", [code, "--name", `Moth ${i}`]);
    });
    for (const script of scripts) await script.Says(/flies at/);
    const late = new Program("demos/host/moth.js", [code]);
    await late.Says(/The game is full/);
    expect(await late.Exit()).toBe(1);
  });
});
