/** What this package's own package.json says, and where its files are. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";

export interface OwnPackage {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

// The package finds itself by its name, compiled or not.
const path = createRequire(import.meta.url).resolve("moonwire/package.json");

/** The folder of this package. */
export const OwnFolder = dirname(path);

export function ReadOwnPackage(): OwnPackage {
  return JSON.parse(readFileSync(path, "utf8")) as OwnPackage;
}
