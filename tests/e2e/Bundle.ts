/** Bundles a page of the tests' own, a folder here with an `index.html`, with the page's backend. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const webBackend = new URL("../../networking/backends/web/index.ts", import.meta.url);

export interface Bundle {
  /** With `index.html` in it; whoever asked for it removes it. */
  readonly Folder: string;
  /** The page's program, which Node.js can import as well. */
  readonly Entry: string;
}

/** @param name of the folder. @param alias files of that folder that stand in for modules. */
export async function BundlePage(
  name: string,
  alias: Readonly<Record<string, string>> = {},
): Promise<Bundle> {
  const root = fileURLToPath(new URL(name, import.meta.url));
  const standIns = Object.entries(alias).map(([module, file]) => [module, join(root, file)]);
  const folder = await mkdtemp(join(tmpdir(), `moonwire-${name}-`));
  await build({
    configFile: false,
    root,
    base: "./",
    logLevel: "warn",
    resolve: {
      alias: { "#net-backend": fileURLToPath(webBackend), ...Object.fromEntries(standIns) },
    },
    build: {
      outDir: folder,
      emptyOutDir: false, // it is new
      modulePreload: false,
      target: "es2023",
      minify: false,
      rolldownOptions: {
        output: { entryFileNames: "Main.js" },
        // A module for Node.js only, or a name that a stand-in lacks, is a mistake here.
        onLog: (_level, { message }) => {
          throw new Error(message);
        },
      },
    },
  });
  return { Folder: folder, Entry: join(folder, "Main.js") };
}
