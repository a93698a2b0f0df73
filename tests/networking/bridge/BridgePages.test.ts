import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { BridgePages } from "../../../networking/bridge/BridgePages.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

test("a file is closed when its reader leaves in the middle", async () => {
  const folder = mkdtempSync(join(tmpdir(), "moonwire-pages-"));
  network.Ending(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "large.bin"), Buffer.alloc(16 * 1024 * 1024));
  const pages = BridgePages(new Policy({}), folder);
  const files: Readable[] = [];
  const server = createServer((request, response) => {
    response.on("pipe", (file: Readable) => files.push(file));
    pages(request, response);
  });
  network.Ending(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const call = get({ host: "127.0.0.1", port, path: "/large.bin" }, () => call.destroy());
  call.on("error", () => undefined);
  await WaitFor(() => files.length === 1 && files.every((file) => file.closed), "the file's end");
  expect(files.map((file) => file.readableEnded)).toEqual([false]);
});
