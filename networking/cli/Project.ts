/**
 * A new project: the files of `template/`, and a package.json whose versions are the ones that this
 * package itself is tested with. A folder that has anything in it is never touched.
 */
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { OwnFolder, ReadOwnPackage } from "./OwnPackage.ts";

/** Files with `{{name}}` in them. */
const namedFiles = ["README.md"];
const tools = ["@types/node", "tsx", "typescript", "vite"];

/** @returns why no project can be made there, as a sentence; null when one can. */
export function ProjectProblem(folder: string): string | null {
  const name = basename(resolve(folder));
  // https://docs.npmjs.com/cli/configuring-npm/package-json#name
  if (!/^[a-z0-9~-][a-z0-9._~-]{0,213}$/.test(name)) {
    return `"${name}" cannot be a package's name: use a-z, 0-9 and dashes.`;
  }
  return isEmpty(folder) ? null : `${folder} is not an empty folder; choose another.`;
}

/**
 * Makes the project. Throws what the file system says when that fails.
 * @param moonwire where the project gets Moonwire from, as npm understands it; "" for the version
 *   that this is, or for this checkout when it is one.
 */
export function MakeProject(folder: string, moonwire = ""): void {
  mkdirSync(folder, { recursive: true });
  cpSync(join(OwnFolder, "networking", "cli", "template"), folder, { recursive: true });
  // npm packs no file that has the real name.
  renameSync(join(folder, "gitignore"), join(folder, ".gitignore"));
  const name = basename(resolve(folder));
  for (const file of namedFiles) {
    const text = readFileSync(join(folder, file), "utf8");
    writeFileSync(join(folder, file), text.replaceAll("{{name}}", name));
  }
  const source = moonwire === "" ? ownSource(folder) : moonwire;
  writeFileSync(join(folder, "package.json"), packageJson(name, source));
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

/** A checkout is not in a registry; the project uses it where it is. */
function ownSource(folder: string): string {
  const isInstalled = OwnFolder.split(sep).includes("node_modules");
  return isInstalled ? `^${ReadOwnPackage().version}` : `file:${relative(folder, OwnFolder)}`;
}

function packageJson(name: string, moonwire: string): string {
  const { dependencies, devDependencies } = ReadOwnPackage();
  const json = {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    engines: { node: ">=20.19" },
    scripts: {
      prestart: "vite build --logLevel warn",
      start: "node --import tsx Server.ts",
      pretest: "tsc",
      test: "node --import tsx --test Game.test.ts",
    },
    dependencies: { moonwire, pino: dependencies.pino },
    devDependencies: Object.fromEntries(tools.map((tool) => [tool, devDependencies[tool]])),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}
