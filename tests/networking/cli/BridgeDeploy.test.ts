/** The example files of networking/bridge/deploy fit the command that they are for. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { BridgeServer } from "../../../networking/bridge/BridgeServer.ts";
import { BridgeCommand } from "../../../networking/cli/Bridge.ts";
import { DefaultConfig, OptionsOf, ReadConfig } from "../../../networking/cli/BridgeConfig.ts";

const path = (name: string) =>
  fileURLToPath(new URL(`../../../networking/bridge/deploy/${name}`, import.meta.url));
const read = (name: string) => readFileSync(path(name), "utf8");

test("the settings make a bridge, once their key is there", () => {
  const settings = ReadConfig(path("bridge.json"));
  const config = { ...DefaultConfig, ...settings, ticketKeyFile: null };
  expect(() => new BridgeServer(OptionsOf(config))).not.toThrow();
  expect(read("moonwire-bridge.service")).toContain(settings.ticketKeyFile);
});

test.each(["haproxy.cfg", "nginx.conf", "moonwire-bridge.service", "Containerfile"])(
  "%s names flags of the bridge",
  (name) => {
    const known = BridgeCommand().options.map(({ long }) => long);
    const others = ["--omit", "--no-audit", "--no-fund", "--stop-timeout", "--interval"];
    const named = read(name).match(/--[a-z][a-z-]+/g) ?? [];
    const unknown = named.filter((flag) => ![...known, ...others, "--timeout"].includes(flag));
    expect(named.length).toBeGreaterThan(0);
    expect(unknown).toEqual([]);
  },
);

test("proxies and supervisors are more patient than the bridge", () => {
  const seconds = (name: string, setting: string) =>
    Number(new RegExp(`${setting}[ =]([0-9]+)`).exec(read(name))?.[1]) * 1_000;
  const { pingEveryMs, maxMissedPings, shutdownDrainMs } = BridgeLimits;
  const silent = pingEveryMs * (maxMissedPings + 1);
  expect(seconds("haproxy.cfg", "timeout tunnel")).toBeGreaterThan(silent);
  expect(seconds("nginx.conf", "proxy_read_timeout")).toBeGreaterThan(silent);
  expect(seconds("moonwire-bridge.service", "TimeoutStopSec")).toBeGreaterThan(shutdownDrainMs);
  expect(seconds("Containerfile", "--stop-timeout")).toBeGreaterThan(shutdownDrainMs);
});
