/** How the commands read their arguments. What cannot be read is one sentence and exit code 2. */
import { statSync } from "node:fs";
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";

/** A port to connect to: 1..65535. */
export function ParsePort(text: string): number {
  const port = wholeNumber(text);
  if (port >= 1 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 1 to 65535.");
}

/** A port to listen at: 0..65535. */
export function ParseListenPort(text: string): number {
  const port = wholeNumber(text);
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError(
    "A port is a number from 0, which lets the system choose, to 65535.",
  );
}

/** Bytes or milliseconds: 1 or more. */
export function ParseCount(text: string): number {
  const count = wholeNumber(text);
  if (count >= 1) return count;
  throw new InvalidArgumentError("This is a whole number of 1 or more.");
}

/** Ends the command when there is no file at `path`. */
export function RequireFile(path: string, command: Command): void {
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return;
  command.error(`There is no file "${path}".`, { exitCode: 2 });
}

/** Ends the command when there is no folder at `path`. */
export function RequireFolder(path: string, command: Command): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  command.error(`There is no folder "${path}".`, { exitCode: 2 });
}

/** @returns -1 for what is none */
function wholeNumber(text: string): number {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : -1;
}
