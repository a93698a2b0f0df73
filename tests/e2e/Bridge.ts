/** The compiled bridge command, serving the built pages. Needs `npm run build`. */
import { existsSync } from "node:fs";
import { Program } from "../demos/launch/Program.ts";

const folder = "dist/pages";

export class Bridge {
  readonly Program: Program;

  /** @param targets as the `--target` flag takes them. @param port 0 lets the system choose. @param more flags. */
  constructor(targets: readonly string[], port = 0, more: readonly string[] = []) {
    CheckPages();
    const flags = ["--dev", "--port", `${port}`, "--static", folder, ...more];
    for (const target of targets) flags.push("--target", target);
    this.Program = new Program("networking/cli/Main.js", ["bridge", ...flags]);
  }

  async Port(): Promise<number> {
    return Number(await this.Program.Says(/"port":(\d+),.*"msg":"bridge listens"/));
  }

  /** How often its log has said this. */
  Said(message: string): number {
    return this.Program.Output.split(`"msg":"${message}"`).length - 1;
  }

  /** Where the pages are. */
  async Url(): Promise<string> {
    return `http://127.0.0.1:${await this.Port()}/`;
  }
}

export function CheckPages(): void {
  if (!existsSync(`${folder}/index.html`)) {
    throw new Error(`The pages are not built: ${folder} is missing; run: npm run build`);
  }
}
