/**
 * Finds a Chromium for the end-to-end tests, or gets one. Looked for in this order:
 * the variable MOONWIRE_CHROMIUM, Playwright's own, a browser on the PATH; then
 * `playwright install chromium`; then, as root on Debian or Ubuntu, `apt-get install chromium`.
 * When all fail the run fails, with one sentence that says what to install. Nothing is skipped.
 */
import type { Browser } from "playwright";
import { chromium } from "playwright";
import { FindProgram, Get, GetPackage, IsExecutable } from "./Programs.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export const ChromiumFlags: readonly string[] = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

function find(): string | null {
  const chosen = process.env.MOONWIRE_CHROMIUM;
  if (chosen !== undefined && chosen !== "") {
    if (IsExecutable(chosen)) return chosen;
    throw new Error(`MOONWIRE_CHROMIUM names ${chosen}, which cannot be run.`);
  }
  if (IsExecutable(chromium.executablePath())) return chromium.executablePath();
  return FindProgram(...names);
}

function install(): void {
  if (Get("a Chromium", "npx", "--no", "--", "playwright", "install", "chromium")) return;
  GetPackage("a Chromium", "chromium");
}

/** The path of a Chromium that can be run. Installs one if there is none. */
export function ChromiumPath(): string {
  const found = find();
  if (found !== null) return found;
  install();
  const installed = find();
  if (installed !== null) return installed;
  throw new Error(
    "The end-to-end tests need Chromium: run `npx playwright install chromium`, or install it with " +
      "the system's package manager, or name one in MOONWIRE_CHROMIUM.",
  );
}

export function LaunchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: ChromiumPath(), args: [...ChromiumFlags] });
}
