/** `npm start`: everything behind the demos, and the built pages, from one command. */
import { existsSync } from "node:fs";
import { Launch } from "./launch/Launcher.ts";

const pages = new URL("../pages", import.meta.url);
const areBuilt = existsSync(pages);
if (!areBuilt) console.warn("The pages are not built, so only the servers start: npm run build");

process.exitCode = await Launch({
  Name: "npm start --",
  Description: "Starts the demos: arena server, bots, echo server and bridge.",
  Pages: areBuilt ? pages : null,
  Open: (servers) => Promise.resolve({ Url: servers.BridgeUrl, Close: () => Promise.resolve() }),
});
