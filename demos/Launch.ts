/** `npm start`: everything behind the demos, and the built pages, from one command. */
import { Launch } from "./launch/Launcher.ts";

process.exitCode = await Launch({
  Name: "npm start --",
  Description: "Starts the demos: arena server, bots, echo server and bridge.",
  Pages: new URL("../pages", import.meta.url),
  Open: (servers) => Promise.resolve({ Url: servers.BridgeUrl, Close: () => Promise.resolve() }),
});
