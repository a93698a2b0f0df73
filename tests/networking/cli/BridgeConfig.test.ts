import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { BridgeServer } from "../../../networking/bridge/BridgeServer.ts";
import { DefaultConfig, OptionsOf, ReadConfig } from "../../../networking/cli/BridgeConfig.ts";

const folder = mkdtempSync(join(tmpdir(), "moonwire-config-"));
const path = join(folder, "bridge.json");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(settings: unknown) {
  writeFileSync(path, typeof settings === "string" ? settings : JSON.stringify(settings));
  return ReadConfig(path);
}

describe("a file of settings", () => {
  test("may name every one of them, and what is shown can be read again", () => {
    expect(read(DefaultConfig)).toEqual(DefaultConfig);
    expect(read({})).toEqual({});
  });

  test.each([
    ["{", "is no JSON"],
    ["[]", "holds no object"],
    ["null", "holds no object"],
    ["7", "holds no object"],
    [{ prot: 7420 }, '"prot" is no setting'],
    [{ constructor: 1 }, '"constructor" is no setting'],
    [{ port: "7420" }, '"port" is a port, 0 to 65535'],
    [{ port: 65_536 }, '"port" is a port, 0 to 65535'],
    [{ port: -1 }, '"port" is a port, 0 to 65535'],
    [{ port: null }, '"port" is a port, 0 to 65535'],
    [{ metricsPort: 1.5 }, '"metricsPort" is a port, 0 to 65535'],
    [{ host: 1 }, '"host" is a text'],
    [{ allow: "a:1" }, '"allow" is a list of texts'],
    [{ origin: [1] }, '"origin" is a list of texts'],
    [{ dev: "true" }, '"dev" is true or false'],
    [{ limits: [] }, '"limits" is an object'],
    [{ limits: null }, '"limits" is an object'],
  ])("%j is refused, and the sentence names file and setting", (settings, sentence) => {
    expect(() => read(settings)).toThrow(TypeError);
    expect(() => read(settings)).toThrow(sentence);
    expect(() => read(settings)).toThrow(path);
  });

  test("limits are judged by the bridge", () => {
    const config = { ...DefaultConfig, ...read({ limits: { maxSession: 1 } }) };
    expect(() => new BridgeServer(OptionsOf(config))).toThrow('"maxSession" is no limit');
  });
});

describe("what a bridge is told", () => {
  test("the defaults are the bridge's own, so nobody may anything", () => {
    expect(OptionsOf(DefaultConfig)).toEqual({
      Host: "127.0.0.1",
      Port: 7420,
      Allow: [],
      Targets: [],
      Origins: [],
      TrustedProxies: [],
      ListenHost: "127.0.0.1",
      Dev: false,
      Limits: {},
    });
  });

  test("files are read, and one alone or missing is a mistake", () => {
    const key = join(folder, "key");
    writeFileSync(key, "text");
    const files = {
      ...DefaultConfig,
      ticketKeyFile: key,
      tlsCert: key,
      tlsKey: key,
      targetCa: key,
    };
    expect(OptionsOf(files)).toMatchObject({
      TicketKey: "text",
      TargetAuthorities: "text",
      Tls: { Certificate: "text", Key: "text" },
    });
    expect(() => OptionsOf({ ...files, tlsKey: null })).toThrow("needs its key");
    expect(() => OptionsOf({ ...files, tlsCert: null })).toThrow("needs its key");
    expect(() => OptionsOf({ ...files, tlsKey: "/nowhere" })).toThrow("/nowhere cannot be read");
  });
});
