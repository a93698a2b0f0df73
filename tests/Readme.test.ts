/** The README's promises: its sample runs, its limits and commands are the real ones. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { Limits } from "../networking/core/Limits.ts";
import { MuxLimits } from "../networking/mux/MuxLimits.ts";
import { Differences } from "./godot/Differences.ts";

const readme = readFileSync("README.md", "utf8");
const folder = "artifacts/readme";
const sample = `${folder}/Sample.ts`;

/** A port that was free a moment ago, on all addresses. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The first block of TypeScript, on a port of its own, where the package's own name resolves. */
function writeSample(port: number): void {
  if (!existsSync("dist/networking/index.js")) {
    throw new Error("The library is not built: dist/networking is missing; run: npm run build:lib");
  }
  const [, code = ""] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  expect(code.match(/\b7000\b/g)).toHaveLength(2);
  mkdirSync(folder, { recursive: true });
  writeFileSync(sample, code.replaceAll("7000", String(port)));
}

describe("the first sample", () => {
  test("greets over TCP and ends by itself", async () => {
    writeSample(await freePort());
    const run = spawnSync(process.execPath, ["--import", "tsx", sample], {
      encoding: "utf8",
      timeout: 10_000,
    });
    expect(run).toMatchObject({ status: 0, signal: null, stderr: "" });
    expect(run.stdout.trimEnd().split("\n")).toEqual([
      expect.stringMatching(/Hello from the server!$/),
    ]);
  });
});

/** All of them: the project's, and those beside the sources. */
const readmes = [
  "README.md",
  ...readdirSync("networking").map((room) => `networking/${room}/README.md`),
].filter((path) => existsSync(path));

test("no sample in any README has a type error in a strict project", () => {
  const include = readmes.flatMap((path) => {
    const blocks = [...readFileSync(path, "utf8").matchAll(/```ts\n(.*?)```/gs)];
    return blocks.map(([, code = ""], i) => {
      const file = `${path.replaceAll("/", "-")}-${i}.ts`;
      mkdirSync(folder, { recursive: true });
      // A sample without an import would share its names with the others.
      writeFileSync(`${folder}/${file}`, `${code}\nexport {};\n`);
      return file;
    });
  });
  expect(include.length).toBeGreaterThanOrEqual(readmes.length);
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: { rootDir: "../..", noUnusedLocals: false, noUnusedParameters: false },
    include,
  };
  writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(config));
  const run = spawnSync("npx", ["--no", "--", "tsc", "-p", folder], { encoding: "utf8" });
  expect(run).toMatchObject({ status: 0, stdout: "" });
});

/** What each row of the table of limits says, in order. */
const limitsOfRows: Readonly<Record<string, readonly number[]>> = {
  "inbound buffer of a stream": [
    Limits.inboundBufferBytes,
    Limits.minBufferBytes,
    Limits.maxBufferBytes,
  ],
  "in a page: bytes on their way to a stream": [
    MuxLimits.windowMaxBytes,
    MuxLimits.windowGrowthBytes,
  ],
  "outbound buffer of a stream": [Limits.outboundBufferBytes],
  "one `PutData`": [],
  // The buffers of PacketPeerStream hold the header of four bytes, too.
  "one packet": [Limits.packetBufferBytes - 4, Limits.maxPacketBufferBytes - 4],
  "UDP datagrams that wait": [Limits.datagramBufferBytes],
  "one UDP datagram": [Limits.maxDatagramBytesIpv4, Limits.maxDatagramBytes],
  "one string read": [Limits.maxStringBytes],
  "connect, lookup included": [Limits.connectTimeoutMs],
  "sending after `DisconnectFromHost`": [Limits.lingerMs],
  "untaken connections of a server": [Limits.tcpServerBacklog, Limits.maxBacklog],
  "TLS handshake": [Limits.tlsHandshakeTimeoutMs],
  "TLS handshakes of a `TCPServerNode` at once": [Limits.tlsHandshakes],
  "TLS sessions kept to resume, per `TLSOptions`": [Limits.tlsSessions],
  "peers of a `TCPServerNode`": [Limits.maxConnections],
  "connections taken per tick": [Limits.acceptsPerTick],
  "sockets of a process": [Limits.maxSockets],
  "lookups in the queue": [Limits.maxResolveItems],
  "cached lookups": [Limits.resolveCacheEntries, Limits.resolveCacheMs],
  "sources that a `NetMonitor` watches": [Limits.maxWatches],
};

/** "65,536 bytes (option: 256 to 2^28 - 4)" gives 65536, 256 and 2^28 - 4. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/2\^(\d+)(?: - (\d+))?|\d[\d,]*/g)].map(([plain, power, less]) => {
    if (power === undefined) return Number(plain.replaceAll(",", ""));
    return 2 ** Number(power) - Number(less ?? 0);
  });
}

test("the table of limits says what Limits.ts says", () => {
  const [, table = ""] = /\n## Limits\n(.*?)\n## /s.exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| (.+?) \| (.+?) \|/gm)].slice(1);
  const said = rows.map(([, what = "", limit = ""]) => [what, numbersIn(limit)]);
  expect(Object.fromEntries(said)).toEqual(limitsOfRows);
});

test("every npm script that it names is there", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: object };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|dev|check|fix|build|bench)\b/g)];
  const missing = named.map(([, name = ""]) => name).filter((name) => !(name in scripts));
  expect(named.length).toBeGreaterThan(6);
  expect(missing).toEqual([]);
});

test("every file that it names is there", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)|`([a-z]+\/[\w/]+\.ts)`/g)];
  const missing = links.map(([, link, code]) => link ?? code ?? "").filter((f) => !existsSync(f));
  expect(links.length).toBeGreaterThan(3);
  expect(missing).toEqual([]);
});

test("the table of differences is the one that the suite against a real Godot observes", () => {
  for (const { What, Godot, Moonwire, Why } of Object.values(Differences)) {
    expect(readme).toContain(`| ${What} | ${Godot} | ${Moonwire} | ${Why} |`);
  }
});
