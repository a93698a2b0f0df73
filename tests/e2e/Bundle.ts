/** Bundles the contract suite for a page, with the page's backend and the stand-in for vitest. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const webBackend = new URL("../../../networking/backends/web/index.ts", import.meta.url);

export interface Bundle {
  /** With `index.html` in it; whoever asked for it removes it. */
  readonly Folder: string;
  /** The page's program, which Node.js can import as well. */
  readonly Entry: string;
}

export async function BundleContract(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), "moonwire-contract-"));
  await build({
    configFile: false,
    root: here,
    base: "./",
    logLevel: "warn",
    resolve: {
      alias: {
        vitest: join(here, "Vitest.ts"),
        "#net-backend": fileURLToPath(webBackend),
      },
    },
    build: {
      outDir: folder,
      emptyOutDir: false, // it is new
      modulePreload: false,
      target: "es2023",
      minify: false,
      rolldownOptions: {
        output: { entryFileNames: "Main.js" },
        // A module for Node.js only, or a name that the stand-in lacks, is a mistake here.
        onLog: (_level, { message }) => {
          throw new Error(message);
        },
      },
    },
  });
  return { Folder: folder, Entry: join(folder, "Main.js") };
}
