/**
 * The contract suite inside a real Chromium, over a real bridge: the page runs the cases, Node.js
 * is the far end, and each case is a test here, under the name that it has everywhere else.
 */
import { rm } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SuiteBridge } from "../networking/backends/contract/SuiteBridge.ts";
import { BundlePage } from "./Bundle.ts";
import { FarService } from "./contract/FarService.ts";
import type {} from "./contract/Main.ts";
import type { Visit } from "./Page.ts";
import { Browsing } from "./Page.ts";

const bundle = await BundlePage("contract", { vitest: "Vitest.ts" });
await import(pathToFileURL(bundle.Entry).href);
const names = globalThis.moonwireContract!.CaseNames();

const browsing = new Browsing();
let bridge: SuiteBridge;
let far: FarService;
let visit: Visit;
const run = new Set<string>();

beforeAll(async () => {
  bridge = await SuiteBridge.Start(bundle.Folder);
  far = await FarService.Start(bridge.Beyond);
  await browsing.Launch();
  visit = await browsing.Visit(`http://127.0.0.1:${bridge.Port()}/?far=${far.Url}`);
});

afterAll(async () => {
  await visit.Page.evaluate(() => globalThis.moonwireContract!.EndCases());
  await browsing.EndVisits();
  await browsing.Close();
  far.Stop();
  await bridge.End();
  await rm(bundle.Folder, { recursive: true });
});

test("the page knows the same cases, each under its own name", async () => {
  expect(await visit.Page.evaluate(() => globalThis.moonwireContract!.CaseNames())).toEqual(names);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(400);
});

function runCase(index: number): Promise<string> {
  return globalThis.moonwireContract!.RunCase(index);
}

test.each(names.map((name, index) => [name, index] as const))("%s", async (name, index) => {
  run.add(name);
  const problem = await visit.Page.evaluate(runCase, index);
  // What a failed case may have left behind ends with its page.
  if (problem !== "") await visit.Page.reload();
  expect(problem).toBe("");
});

test("all of them were run, and the page complained of nothing", () => {
  expect(run.size).toBe(names.length);
  expect(visit.Problems).toEqual([]);
});
