/**
 * Finds a program that the command line is tried against, or gets it: on the PATH; else, as root
 * where there is apt-get, it is installed. When both fail the test fails with one sentence.
 */
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const installTimeoutMs = 300_000;

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** @param debianPackage the one that has it. */
export function RequireTool(program: string, debianPackage: string): void {
  if (isOnPath(program)) return;
  if (process.getuid?.() === 0 && isOnPath("apt-get")) {
    for (const args of [["update"], ["install", "-y", "--no-install-recommends", debianPackage]]) {
      spawnSync("apt-get", args, {
        stdio: ["ignore", "ignore", "inherit"],
        timeout: installTimeoutMs,
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    }
  }
  if (isOnPath(program)) return;
  throw new Error(`This test needs ${program}: install Debian's package ${debianPackage}.`);
}
