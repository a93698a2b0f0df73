/**
 * A Chromium with one window full of tabs, as a person has it: a tab that is behind another one is
 * hidden, gets no pictures, and has its timers slowed down. Playwright's own launch switches all of
 * that off, and its focus emulation keeps every page shown; so the browser is started here, and
 * Playwright only connects to it.
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Browser, BrowserContext, Page } from "playwright";
import { chromium } from "playwright";
import { ChromiumFlags, ChromiumPath } from "../Support/Browser.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import { Visit } from "./Page.ts";

const ceilingMs = 20_000;

/** Lets timers run once a minute after ten hidden seconds, where a browser waits five minutes. */
export const EveryMinuteSoon =
  "--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10";

const flags = [
  ...ChromiumFlags,
  "--headless=new",
  "--disable-dev-shm-usage",
  "--no-default-browser-check",
  "--window-size=640,480",
  "--remote-debugging-port=0",
];

export class Tabs {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  /** The empty tab, which hides the others when it is in front. */
  readonly #empty: Page;
  readonly #visits: Visit[] = [];

  private constructor(
    child: ChildProcess,
    profile: string,
    browser: Browser,
    context: BrowserContext,
    empty: Page,
  ) {
    this.#process = child;
    this.#profile = profile;
    this.#browser = browser;
    this.#context = context;
    this.#empty = empty;
  }

  /** @param more flags of the browser. */
  static async Open(more: readonly string[] = []): Promise<Tabs> {
    const profile = await mkdtemp(join(tmpdir(), "moonwire-tabs-"));
    const args = [...flags, ...more, `--user-data-dir=${profile}`, "about:blank"];
    const child = spawn(ChromiumPath(), args, { stdio: ["ignore", "ignore", "pipe"] });
    try {
      const address = await addressOf(child.stderr);
      child.stderr.resume(); // a full pipe would hold the browser up
      const browser = await chromium.connectOverCDP(address, { noDefaults: true });
      const [context] = browser.contexts();
      if (context === undefined) throw new Error("Chromium has no window.");
      context.setDefaultTimeout(ceilingMs);
      const empty = context.pages()[0] ?? (await context.newPage());
      return new Tabs(child, profile, browser, context, empty);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  /** Opens `url` in a tab of its own, in front of the others. */
  async Visit(url: string): Promise<Visit> {
    const visit = new Visit(await this.#context.newPage());
    this.#visits.push(visit);
    await visit.Page.goto(url);
    return visit;
  }

  /** Hides all pages, and sees to it that they are. */
  async HideAll(): Promise<void> {
    await this.#empty.bringToFront();
    for (const { Page } of this.#visits) await untilState(Page, "hidden");
  }

  /** Brings a page to the front. */
  async Show(page: Page): Promise<void> {
    await page.bringToFront();
    await untilState(page, "visible");
  }

  /** @returns what the pages complained about. */
  async Close(): Promise<string[]> {
    const gone = once(this.#process, "exit");
    await this.#browser.close(); // which only lets go of it
    this.#process.kill("SIGTERM");
    await gone;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    return this.#visits.flatMap(({ Problems }) => Problems);
  }
}

/** Where a browser says that it listens; it says so once, unless it ends before. */
async function addressOf(stderr: Readable): Promise<string> {
  let said = "";
  for await (const line of createInterface({ input: stderr })) {
    said += `${line}\n`;
    const [, address] = /^DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`Chromium does not start: ${said}`);
}

/** A hidden page gets no pictures, which Playwright's own waiting would wait for. */
async function untilState(page: Page, state: DocumentVisibilityState): Promise<void> {
  let now: DocumentVisibilityState | null = null;
  await WaitFor(
    () => now === state,
    `a page to be ${state}`,
    async () => {
      now = await page.evaluate(() => document.visibilityState);
    },
  );
}
