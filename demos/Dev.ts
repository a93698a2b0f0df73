/**
 * `npm run dev`: the same servers as `npm start`, and vite serving the pages from their sources.
 */
import { createServer } from "vite";
import { Launch } from "./launch/Launcher.ts";

process.exitCode = await Launch({
  Name: "npm run dev --",
  Description: "Starts the demos' servers beside vite's development server.",
  Pages: null,
  Open: async (servers) => {
    // vite.config.ts sends /bridge/ there.
    process.env.MOONWIRE_BRIDGE = servers.BridgeUrl;
    const vite = await createServer();
    await vite.listen();
    return { Url: vite.resolvedUrls?.local[0] ?? "", Close: () => vite.close() };
  },
});
