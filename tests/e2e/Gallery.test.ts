/** What `npm start` serves: the gallery and its demos, at the widths of real screens. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { KillPrograms, Program } from "../demos/launch/Program.ts";
import { CheckPages } from "./Bridge.ts";
import { UseBrowser } from "./Page.ts";

const browsing = UseBrowser();
let launcher: Program | null = null;
let url = "";
beforeAll(async () => {
  CheckPages();
  launcher = new Program("demos/Launch.js", ["--port", "0", "--arena-port", "0"]);
  url = await launcher.Says(/Pages +(http\S+)/);
});
afterAll(async () => {
  await launcher?.Exit("SIGTERM");
  KillPrograms();
});

describe("the gallery", () => {
  test("leads to the arena and back", async () => {
    const { Page } = await browsing.Visit(url);
    expect(await Page.title()).toBe("Moonwire");
    await Page.getByTestId("open-arena").click();
    await Page.getByTestId("join").waitFor();
    expect(new URL(Page.url()).pathname).toBe("/demos/arena/");
    await Page.goBack();
    await Page.getByTestId("open-arena").waitFor();
  });

  test("leads to the first connection, which leads back", async () => {
    const { Page } = await browsing.Visit(url);
    await Page.getByTestId("open-start").click();
    await Page.getByRole("heading", { name: "First connection" }).waitFor();
    // Leaving before it has its list of targets would be a failed request.
    await Page.locator("option[value^='echo:']").waitFor({ state: "attached" });
    expect(new URL(Page.url()).pathname).toBe("/demos/start/");
    await Page.getByRole("link", { name: "Moonwire" }).click();
    await Page.getByTestId("open-start").waitFor();
  });

  test("leads to the game that a page hosts, which gets its port", async () => {
    const { Page } = await browsing.Visit(url);
    await Page.getByTestId("open-host").click();
    await Page.getByTestId("lobby-host").click();
    await Page.locator("[data-testid=host-card][data-state=open]").waitFor();
    await Page.getByRole("link", { name: "Moonwire" }).click();
    await Page.getByTestId("open-host").waitFor();
  });

  test("has no broken picture", async () => {
    const { Page } = await browsing.Visit(url);
    const widths = await Page.locator("img").evaluateAll((images) =>
      images.map((image) => (image as HTMLImageElement).naturalWidth),
    );
    expect(widths).toHaveLength(3);
    expect(Math.min(...widths)).toBeGreaterThan(0);
  });
});

test("two people meet four bots in the arena that npm start opens", async () => {
  const visits = await Promise.all(
    ["Ada", "Grace"].map(async (name) => {
      const visit = await browsing.Visit(`${url}demos/arena/`);
      await visit.Page.getByTestId("join-name").fill(name);
      await visit.Page.getByTestId("join-name").press("Enter");
      return visit;
    }),
  );
  for (const { Page } of visits) {
    await Page.waitForFunction(() => window.moonwireArena!.Ships.length === 6);
    const names = await Page.getByTestId("scores").locator("li").allInnerTexts();
    expect(names.join()).toMatch(/Ada.*Grace|Grace.*Ada/s);
  }
  await visits[0]!.Picture("arena-six");
});

const pages = [
  { path: "", name: "gallery" },
  { path: "demos/start/", name: "start" },
  { path: "demos/arena/", name: "arena-join" },
  { path: "demos/host/", name: "host-lobby" },
];
const cases = pages.flatMap((page) => [360, 1280, 1920].map((width) => ({ ...page, width })));

test.each(cases)("$name fits a window $width pixels wide", async ({ path, name, width }) => {
  const height = width < 500 ? 740 : (width * 9) / 16;
  const visit = await browsing.Visit(url + path, { viewport: { width, height } });
  await visit.Page.waitForLoadState("networkidle");
  await visit.Picture(`${name}-${width}`);
  const needed = await visit.Page.evaluate(() => document.documentElement.scrollWidth);
  expect(needed).toBeLessThanOrEqual(width);
});
