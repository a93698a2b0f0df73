/**
 * Finds the real Godot that these tests hold Moonwire against, or gets it: `godot3-server`
 * (Godot 3.2.3 without a display, as Debian packs it) on the PATH; else, as root where there is
 * apt-get, it is installed. When both fail the tests fail with one sentence that says what to
 * install. Nothing is skipped.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const program = "godot3-server";
const installTimeoutMs = 300_000;

function find(name: string): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(): void {
  if (process.getuid?.() !== 0 || find("apt-get") === null) return;
  process.stderr.write(`Getting a Godot for its tests: apt-get install ${program}\n`);
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", program]]) {
    spawnSync("apt-get", args, {
      stdio: ["ignore", "ignore", "inherit"],
      timeout: installTimeoutMs,
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
}

/** The path of a Godot that can be run. Installs one if there is none. */
export function GodotPath(): string {
  const found = find(program);
  if (found !== null) return found;
  install();
  const installed = find(program);
  if (installed !== null) return installed;
  throw new Error(
    `The Godot tests need ${program} (Godot 3.2.3): install Debian's package of that name with ` +
      `\`apt-get install ${program}\`, so that it is on the PATH.`,
  );
}
