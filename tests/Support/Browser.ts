/**
 * Finds a Chromium for the end-to-end tests, or gets one. Looked for in this order:
 * the variable MOONWIRE_CHROMIUM, Playwright's own, a browser on the PATH; then
 * `playwright install chromium`; then, as root on Debian or Ubuntu, `apt-get install chromium`.
 * When all fail the run fails, with one sentence that says what to install. Nothing is skipped.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Browser } from "playwright";
import { chromium } from "playwright";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const installTimeoutMs = 600_000;

export const ChromiumFlags: readonly string[] = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find(): string | null {
  const chosen = process.env.MOONWIRE_CHROMIUM;
  if (chosen !== undefined && chosen !== "") {
    if (isExecutable(chosen)) return chosen;
    throw new Error(`MOONWIRE_CHROMIUM names ${chosen}, which cannot be run.`);
  }
  if (isExecutable(chromium.executablePath())) return chromium.executablePath();
  const folders = (process.env.PATH ?? "").split(delimiter);
  const paths = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function run(command: string, ...args: string[]): boolean {
  const told = `Getting a Chromium for the end-to-end tests: ${command} ${args.join(" ")}\n`;
  process.stderr.write(told);
  const result = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: installTimeoutMs,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return result.status === 0;
}

function install(): void {
  if (run("npx", "--no", "--", "playwright", "install", "chromium")) return;
  const isRoot = process.getuid?.() === 0;
  if (isRoot && isExecutable("/usr/bin/apt-get")) {
    run("apt-get", "update");
    run("apt-get", "install", "-y", "--no-install-recommends", "chromium");
  }
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
