/** A page's link through the life of its page, seen from both sides of a real bridge. */
import { afterEach, expect, test } from "vitest";
import { KillPrograms } from "../demos/launch/Program.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import type { Bridge } from "./Bridge.ts";
import { CodeOf, Host, Join, StartBridge, UntilNames } from "./HostGame.ts";
import { UseBrowser } from "./Page.ts";

// The last hook runs first: pages are closed and asked for problems before their servers end.
afterEach(KillPrograms);
const browsing = UseBrowser();

/** Everything that pages had at the bridge is over. */
function untilNothingIsLeft(bridge: Bridge): Promise<void> {
  return WaitFor(() => {
    const pairs = [
      ["session opened", "session closed"],
      ["listener opened", "listener closed"],
    ] as const;
    return pairs.every(([begun, over]) => bridge.Said(begun) === bridge.Said(over));
  }, "the bridge to have nothing of the pages left");
}

test("a host's page that is reloaded gives its port back at once, and can have it again", async () => {
  const bridge = StartBridge();
  const { visit, code } = await Host(browsing, bridge, "Ada");
  const { Page } = visit;
  await Page.reload();
  await untilNothingIsLeft(bridge);
  await Page.getByTestId("lobby-host").click();
  expect(await CodeOf(Page)).toBe(code);
  await Page.close();
  await untilNothingIsLeft(bridge);
});

test("two tabs host two games, and one that is closed does not harm the other", async () => {
  const bridge = StartBridge();
  const ada = await Host(browsing, bridge, "Ada");
  const grace = await Host(browsing, bridge, "Grace");
  expect(grace.code).not.toBe(ada.code);
  await ada.visit.Page.close();
  const linus = await Join(browsing, bridge, "Linus", grace.code);
  await UntilNames(linus.Page, ["Grace", "Linus"]);
});

test("a page that is left for another has nothing at the bridge; back again it listens again", async () => {
  const bridge = StartBridge();
  const { visit, code } = await Host(browsing, bridge, "Ada");
  const { Page } = visit;
  await Page.goto(await bridge.Url());
  await untilNothingIsLeft(bridge);
  await Page.goBack();
  // From the back-forward cache the game goes on; else the lobby asks anew.
  const lobby = Page.getByTestId("lobby-host");
  const card = Page.locator("[data-testid=host-card][data-state=open]");
  await lobby.or(card).first().waitFor();
  if (await lobby.isVisible()) await lobby.click();
  expect(await CodeOf(Page)).toBe(code);
});

test("a page that was offline is linked again as soon as it is online", async () => {
  const bridge = StartBridge();
  const port = await bridge.Port();
  const { visit, code } = await Host(browsing, bridge, "Ada");
  const { Page } = visit;
  const expected = [/^WebSocket connection to 'ws:\/\/[^']+' failed: /];
  await visit.Expecting(expected, async () => {
    await Page.context().setOffline(true);
    await bridge.Program.Exit("SIGKILL");
    await Page.getByText("The bridge is away.").waitFor();
    const next = StartBridge(port);
    await next.Port();
    expect(next.Said("session opened")).toBe(0);
    await Page.context().setOffline(false);
    expect(await CodeOf(Page)).toBe(code);
    expect(next.Said("listener opened")).toBe(1);
  });
});
