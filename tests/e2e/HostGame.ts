/** What the tests of "Moths" share: a bridge that lets pages listen, hosts and guests. */
import type { Page } from "playwright";
import type {} from "../../demos/host/page/Handle.ts";
import { Bridge } from "./Bridge.ts";
import type { Browsing, Visit } from "./Page.ts";

/** A browser of any kind. */
type Visiting = Pick<Browsing, "Visit">;

const ports = "24000-24999";
/** Three pages are drawn at once without a graphics card: small ones, and patience. */
export const Small = { viewport: { width: 480, height: 360 } };
const ceilingMs = 30_000;

/** A bridge that serves the pages. @param port 0 lets the system choose. */
export function StartBridge(port = 0): Bridge {
  return new Bridge([], port, ["--listen-ports", ports]);
}

export async function VisitMoths(
  browsing: Visiting,
  bridge: Bridge,
  name: string,
  hash = "",
): Promise<Visit> {
  const visit = await browsing.Visit(`${await bridge.Url()}demos/host/${hash}`, Small);
  visit.Page.setDefaultTimeout(ceilingMs);
  await visit.Page.getByTestId("lobby-name").fill(name);
  return visit;
}

/** Hosts, and waits for the word that others join by. */
export async function Host(
  browsing: Visiting,
  bridge: Bridge,
  name: string,
): Promise<{ visit: Visit; code: string }> {
  const visit = await VisitMoths(browsing, bridge, name);
  await visit.Page.getByTestId("lobby-host").click();
  return { visit, code: await CodeOf(visit.Page) };
}

export async function CodeOf(page: Page): Promise<string> {
  await page.locator("[data-testid=host-card][data-state=open]").waitFor();
  return page.getByTestId("host-code").innerText();
}

export async function Join(
  browsing: Visiting,
  bridge: Bridge,
  name: string,
  code: string,
): Promise<Visit> {
  const visit = await VisitMoths(browsing, bridge, name);
  await visit.Page.getByTestId("lobby-code").fill(code);
  await visit.Page.getByTestId("lobby-join").click();
  await visit.Page.waitForFunction(() => window.moonwireHost!.OwnId > 0);
  return visit;
}

export function UntilNames(page: Page, names: readonly string[]): Promise<unknown> {
  return page.waitForFunction(
    (wanted) =>
      window
        .moonwireHost!.Moths.map(({ Name }) => Name)
        .toSorted()
        .join() === wanted,
    names.toSorted().join(),
  );
}
