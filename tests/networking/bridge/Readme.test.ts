/** networking/bridge/README.md: its limits are the bridge's, its flags the command's. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { BridgeCommand } from "../../../networking/cli/Bridge.ts";

const folder = new URL("../../../networking/bridge/", import.meta.url);
const readme = readFileSync(new URL("README.md", folder), "utf8");

test("every limit is in the table, with its value", () => {
  const rows = [...readme.matchAll(/^\| `(\w+)` \| ([0-9,]+) \|/gm)];
  const told = rows.map(([, name = "", value = ""]) => [name, Number(value.replaceAll(",", ""))]);
  expect(Object.fromEntries(told)).toEqual(BridgeLimits);
});

test("every flag is in the table", () => {
  const flags = BridgeCommand().options.map(({ long }) => long ?? "");
  expect(flags.filter((flag) => !readme.includes(`\`${flag}`))).toEqual([]);
});

test("what it links to is there", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = ""]) => path);
  expect(links.length).toBeGreaterThan(4);
  expect(links.filter((path) => !existsSync(new URL(path, folder)))).toEqual([]);
});
