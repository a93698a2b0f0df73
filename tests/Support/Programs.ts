/**
 * Programs of the system that tests need: looked for on the PATH and, as root where there is
 * apt-get, installed. A test whose program cannot be had says which one; nothing is skipped.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const installTimeoutMs = 600_000;

export function IsExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of the first of these names that the PATH has. */
export function FindProgram(...names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return (
    names.flatMap((name) => folders.map((folder) => join(folder, name))).find(IsExecutable) ?? null
  );
}

/** Runs a command that gets something, and says so. @returns whether it did. */
export function Get(what: string, command: string, ...args: readonly string[]): boolean {
  process.stderr.write(`Getting ${what} for the tests: ${command} ${args.join(" ")}\n`);
  const result = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "inherit"],
    timeout: installTimeoutMs,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  return result.status === 0;
}

/** Installs a package of Debian's, where that is possible. */
export function GetPackage(what: string, name: string): void {
  if (process.getuid?.() !== 0 || FindProgram("apt-get") === null) return;
  Get(what, "apt-get", "update");
  Get(what, "apt-get", "install", "-y", "--no-install-recommends", name);
}
