/** The start page, with plain `node:net` servers behind a real bridge. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright";
import sirv from "sirv";
import { afterEach, expect, test } from "vitest";
import { KillPrograms } from "../demos/launch/Program.ts";
import { PlainServer } from "../Support/PlainPeer.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import { Bridge, CheckPages } from "./Bridge.ts";
import type { Visit } from "./Page.ts";
import { UseBrowser } from "./Page.ts";

const endings: (() => void)[] = [];
// The last hook runs first: pages are closed and asked for problems before their servers end.
afterEach(() => {
  for (const end of endings.splice(0)) end();
  KillPrograms();
});
const browsing = UseBrowser();

async function plainServer(): Promise<PlainServer> {
  const server = await PlainServer.Start();
  endings.push(() => server.Stop());
  return server;
}

/** A port at which nothing listens. */
async function closedPort(): Promise<number> {
  const server = await PlainServer.Start();
  const port = server.Port;
  server.Stop();
  return port;
}

/** Opens the page and waits until it has filled in the bridge's target, "echo". */
async function visitStart(bridge: Bridge): Promise<Visit> {
  const visit = await browsing.Visit(`${await bridge.Url()}demos/start/`);
  await visit.Page.locator("option[value^='echo:']").waitFor({ state: "attached" });
  return visit;
}

async function connectTo(page: Page, host: string, port: number): Promise<void> {
  await page.getByTestId("target").selectOption({ label: "Another host" });
  await page.getByTestId("host").fill(host);
  await page.getByTestId("port").fill(`${port}`);
  await page.getByTestId("connect").click();
}

async function problemOf({ Page }: Visit): Promise<string> {
  const problem = Page.getByTestId("problem");
  await problem.waitFor();
  return await problem.innerText();
}

/** Waits until the timeline's last entry is `status`. @returns all entries. */
async function statuses({ Page }: Visit, status: string): Promise<string[]> {
  const entries = Page.getByTestId("timeline").locator("li");
  await Page.getByTestId("timeline").locator(`li:last-child[data-status=${status}]`).waitFor();
  return entries.evaluateAll((items) => items.map((item) => item.dataset.status ?? ""));
}

test("the sample connects, talks and ends in order", async () => {
  const server = await plainServer();
  const visit = await visitStart(new Bridge([`echo=127.0.0.1:${server.Port}`]));
  const { Page } = visit;
  expect(await Page.getByTestId("code").innerText()).toBe(
    readFileSync("demos/start/page/Start.ts", "utf8"),
  );
  await Page.getByTestId("connect").click();
  expect(await statuses(visit, "CONNECTED")).toEqual(["NONE", "CONNECTING", "CONNECTED"]);

  await Page.getByTestId("message").fill("Hello, moon");
  await Page.getByTestId("send").click();
  const peer = await server.Peer();
  await peer.WaitReceived(11);
  expect(peer.Text()).toBe("Hello, moon");
  peer.Send("Hello, página ☾");
  const answer = Page.getByTestId("transcript").locator("[data-direction=received]");
  await answer.waitFor();
  expect(await answer.innerText()).toBe("Hello, página ☾");
  expect(await Page.getByTestId("bytes-in").innerText()).toBe("18");
  expect(await Page.getByTestId("bytes-out").innerText()).toBe("11");
  await visit.Picture("start-connected");

  await Page.getByTestId("disconnect").click();
  await WaitFor(() => peer.Ended, "the end of the page's connection");
  expect(await statuses(visit, "NONE")).toHaveLength(4);
  expect(await Page.getByTestId("connect").isEnabled()).toBe(true);
});

test("a server that closes ends in NONE, and the page can connect again", async () => {
  const server = await plainServer();
  const visit = await visitStart(new Bridge([`echo=127.0.0.1:${server.Port}`]));
  await visit.Page.getByTestId("connect").click();
  (await server.Peer()).Socket.end("bye");
  await statuses(visit, "NONE");
  expect(await visit.Page.getByTestId("transcript").innerText()).toBe("bye");
  await visit.Page.getByTestId("connect").click();
  await server.Peer(1);
  expect(await statuses(visit, "CONNECTED")).toHaveLength(3);
});

test("a port at which nothing listens is CONNECTION_REFUSED, as name and sentence", async () => {
  const visit = await visitStart(new Bridge([`echo=127.0.0.1:${await closedPort()}`]));
  await visit.Page.getByTestId("connect").click();
  expect(await problemOf(visit)).toBe(
    "CONNECTION_REFUSED: The host refused the connection; nothing listens there.",
  );
  expect(await statuses(visit, "ERROR")).toHaveLength(3);
  await visit.Picture("start-refused");
});

test("a host that the bridge does not offer is POLICY_DENIED", async () => {
  const visit = await visitStart(new Bridge([`echo=127.0.0.1:${await closedPort()}`]));
  await connectTo(visit.Page, "moon.example", 80);
  expect(await problemOf(visit)).toBe(
    "POLICY_DENIED: The bridge's policy does not allow this destination.",
  );
  await visit.Picture("start-denied");
});

test("a bridge that is gone is told, and used again when it is back", async () => {
  const server = await plainServer();
  const target = `echo=127.0.0.1:${server.Port}`;
  const bridge = new Bridge([target]);
  const visit = await visitStart(bridge);
  const port = await bridge.Port();
  await bridge.Program.Exit("SIGKILL");
  const expected = [/^WebSocket connection to 'ws:\/\/[^']+' failed: .*ERR_CONNECTION_REFUSED/];
  await visit.Expecting(expected, async () => {
    await visit.Page.getByTestId("connect").click();
    expect(await problemOf(visit)).toBe(
      "HOST_UNREACHABLE: The host or its network cannot be reached. Is the bridge still running?",
    );
    await visit.Picture("start-bridge-gone");
    await new Bridge([target], port).Port();
  });
  await visit.Page.getByTestId("connect").click();
  expect(await statuses(visit, "CONNECTED")).toHaveLength(3);
});

test("pages without a bridge say how to start one", async () => {
  CheckPages();
  const pages = createServer(sirv("dist/pages", { dev: true }));
  endings.push(() => pages.close());
  pages.listen(0, "127.0.0.1");
  await WaitFor(() => pages.listening, "a server of pages only");
  const { port } = pages.address() as AddressInfo;
  const visit = await browsing.Visit("about:blank");
  const expected = [
    /^Failed to load resource: .* 404 .*\/bridge\/targets\.json$/,
    /^request failed: net::ERR_ABORTED .*\/bridge\/targets\.json$/, // nobody reads its body
  ];
  await visit.Expecting(expected, async () => {
    await visit.Page.goto(`http://127.0.0.1:${port}/demos/start/`);
    expect(await problemOf(visit)).toBe(
      "No bridge answers at this address. Start everything with: npm start",
    );
    await visit.Picture("start-no-bridge");
  });
});
