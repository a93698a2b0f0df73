/**
 * A real browser for one test file. Every visit is a context of its own, as another person's
 * machine is, and whatever its page complains about (console errors, exceptions, failed requests)
 * fails the test, except what a test expects while it keeps a server down.
 */
import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { LaunchChromium } from "../Support/Browser.ts";

const pictures = new URL("../../artifacts/e2e/", import.meta.url).pathname;
/** For everything that a page is waited for. */
const ceilingMs = 10_000;
const desktop: BrowserContextOptions = { viewport: { width: 1280, height: 720 } };

export const Phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
};

export class Visit {
  readonly Page: Page;
  /** What the page complained about, one line each. */
  readonly Problems: string[] = [];
  #expected: readonly RegExp[] = [];

  constructor(page: Page) {
    this.Page = page;
    page.on("console", (message) => {
      if (message.type() === "error") this.#add(`${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.#add(`exception: ${error.message}`));
    page.on("requestfailed", (request) => {
      this.#add(`request failed: ${request.failure()?.errorText ?? ""} ${request.url()}`);
    });
  }

  /**
   * Runs `act`, during which complaints that match are no problem.
   * @param expected narrow patterns, each of a whole line.
   */
  async Expecting(expected: readonly RegExp[], act: () => Promise<void>): Promise<void> {
    this.#expected = expected;
    await act();
    this.#expected = [];
  }

  /** Saves a picture of the whole page as `artifacts/e2e/<name>.png`. */
  async Picture(name: string): Promise<void> {
    await this.Page.screenshot({ path: `${pictures}${name}.png`, fullPage: true });
  }

  #add(line: string): void {
    if (!this.#expected.some((pattern) => pattern.test(line))) this.Problems.push(line);
  }
}

export class Browsing {
  #browser: Browser | null = null;
  readonly #visits: Visit[] = [];

  /** Opens `url` as somebody who was never here before. */
  async Visit(url: string, options: BrowserContextOptions = {}): Promise<Visit> {
    if (this.#browser === null) throw new Error("The browser is not running.");
    const context = await this.#browser.newContext({ ...desktop, ...options });
    context.setDefaultTimeout(ceilingMs);
    const visit = new Visit(await context.newPage());
    this.#visits.push(visit);
    await visit.Page.goto(url);
    return visit;
  }

  async Launch(): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    this.#browser = await LaunchChromium();
  }

  /** Closes all visits. @returns what their pages complained about. */
  async EndVisits(): Promise<string[]> {
    const visits = this.#visits.splice(0);
    const problems = visits.flatMap(({ Problems }) => Problems);
    for (const { Page } of visits) await Page.context().close();
    return problems;
  }

  async Close(): Promise<void> {
    await this.#browser?.close();
  }
}

/** A browser that starts and ends with the test file; visits end with their test. */
export function UseBrowser(): Browsing {
  const browsing = new Browsing();
  beforeAll(() => browsing.Launch());
  afterEach(async () => expect(await browsing.EndVisits()).toEqual([]));
  afterAll(() => browsing.Close());
  return browsing;
}
