import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BridgeServer } from "../../../networking/bridge/BridgeServer.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { HttpGet } from "./HttpGet.ts";
import { StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const game = "https://game.example.com";

describe("upgrades", () => {
  test.each([
    ["a foreign origin", { Origin: "https://evil.example" }, 403],
    ["no origin", { Origin: null }, 403],
    ["a path that does not end in /", { Path: "/bridge" }, 404],
    ["a query after such a path", { Path: "/bridge?a=/" }, 404],
  ])("%s is refused before the WebSocket exists", async (_name, options, status) => {
    const bridge = await StartBridge(network);
    const client = bridge.Client(options);
    await client.WaitRefused();
    expect(client.Refused).toBe(status);
    await WaitFor(() => bridge.Server.SessionCount() === 0, "no session");
  });

  test("a refused client that keeps its own half open is cut off", async () => {
    const bridge = await StartBridge(network);
    const socket = connect({ port: bridge.Server.Port(), host: "127.0.0.1", allowHalfOpen: true });
    network.Ending(() => socket.destroy());
    let answer = "";
    socket.on("data", (bytes) => (answer += bytes.toString()));
    socket.on("error", () => undefined);
    socket.write("GET /x HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    await WaitFor(() => answer.startsWith("HTTP/1.1 404"), "the refusal");
    await bridge.Server.Stop(60_000);
    expect(bridge.Server.Port()).toBe(0);
  });

  test("an allowed origin is taken, at every path that ends in /", async () => {
    const bridge = await StartBridge(network, { Origins: [game] });
    for (const Path of ["/", "/bridge/", "/a/b/?ticket=1"]) {
      const client = bridge.Client({ Origin: game, Path });
      await client.WaitPacket(0x03);
    }
    expect(bridge.Server.SessionCount()).toBe(3);
  });

  test.each([
    [["mwx1", "wisp-v2"], "mwx1"],
    [["wisp-v2"], "wisp-v2"],
    [["wisp-v2", "mwx1"], "mwx1"],
  ])("of the subprotocols %j it takes %s", async (Protocols, taken) => {
    const bridge = await StartBridge(network);
    const client = bridge.Client({ Protocols });
    await client.WaitPacket(0x05);
    expect(client.WebSocket.protocol).toBe(taken);
  });

  test("the address's limit is kept, and a place comes free", async () => {
    const Limits = { maxSessionsPerAddress: 2 };
    const bridge = await StartBridge(network, { Dev: true, Limits });
    const [first, second] = [bridge.Client(), bridge.Client()];
    await Promise.all([first.WaitPacket(0x03), second.WaitPacket(0x03)]);
    const third = bridge.Client();
    await third.WaitRefused();
    expect(third.Refused).toBe(429);
    first.End();
    await WaitFor(() => bridge.Server.SessionCount() === 1, "a free place");
    await bridge.Client().WaitPacket(0x03);
  });

  test("the process's limit is kept", async () => {
    const bridge = await StartBridge(network, { Dev: true, Limits: { maxSessions: 1 } });
    await bridge.Client().WaitPacket(0x03);
    const second = bridge.Client();
    await second.WaitRefused();
    expect(second.Refused).toBe(503);
  });

  test("a request whose headers are too large or too slow is ended", async () => {
    const Limits = { upgradeTimeoutMs: 200, sweepEveryMs: 50 };
    const bridge = await StartBridge(network, { Dev: true, Limits });
    const answers = ["X: y\r\n", `X: ${"y".repeat(20_000)}\r\n\r\n`].map((rest) => {
      const answer = { text: "", ended: false };
      const socket = connect(bridge.Server.Port(), "127.0.0.1");
      network.Ending(() => socket.destroy());
      socket.on("data", (bytes) => (answer.text += bytes.toString()));
      socket.on("error", () => undefined);
      socket.on("close", () => (answer.ended = true));
      socket.write(`GET / HTTP/1.1\r\nHost: a\r\n${rest}`);
      return answer;
    });
    await WaitFor(() => answers.every(({ ended }) => ended), "the end of both requests");
    expect(answers.map(({ text }) => text.slice(9, 12))).toEqual(["408", "431"]);
  });
});

describe("plain requests", () => {
  const path = "/bridge/targets.json";

  test("an allowed page learns names and ports", async () => {
    const Targets = ["arena=127.0.0.1:7350"];
    const bridge = await StartBridge(network, { Targets, Origins: [game] });
    const answer = await HttpGet(bridge.Server.Port(), path, { Origin: game });
    expect(JSON.parse(answer.Body)).toEqual([{ Name: "arena", Port: 7350 }]);
    expect(answer.Headers["access-control-allow-origin"]).toBe(game);
    const own = await HttpGet(bridge.Server.Port(), path, { Host: "game.example.com" });
    expect([own.Status, own.Headers["access-control-allow-origin"]]).toEqual([200, undefined]);
  });

  test("a foreign page learns nothing", async () => {
    const bridge = await StartBridge(network, { Targets: ["arena=127.0.0.1:7350"], Dev: true });
    for (const headers of [{ Origin: game }, { Host: "rebound.evil.example" }]) {
      const { Status, Body } = await HttpGet(bridge.Server.Port(), path, headers);
      expect([Status, Body]).toEqual([403, ""]);
    }
  });

  test("a folder is served, and nothing outside it", async () => {
    const folder = new URL("../../../networking/mux", import.meta.url).pathname;
    const bridge = await StartBridge(network, { Dev: true, Static: folder });
    const port = bridge.Server.Port();
    expect((await HttpGet(port, "/Packet.ts")).Status).toBe(200);
    expect((await HttpGet(port, "/../core/Limits.ts")).Status).toBe(404);
    expect((await HttpGet(port, "/%2e%2e/core/Limits.ts")).Status).toBe(404);
    expect((await HttpGet(port, "/missing")).Status).toBe(404);
    expect((await HttpGet(port, "/Packet.ts", {}, "POST")).Status).toBe(405);
  });

  test("a range that is none gets the whole file, one that is gone an end", async () => {
    const folder = mkdtempSync(join(tmpdir(), "moonwire-pages-"));
    network.Ending(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "page.html"), "0123456789");
    writeFileSync(join(folder, "gone.html"), "0123456789");
    const bridge = await StartBridge(network, { Origins: [game], Static: folder });
    const port = bridge.Server.Port();
    for (const Range of ["bytes=5-2", "bytes=2-5", "bytes=-", "nonsense"]) {
      const { Status, Body } = await HttpGet(port, "/page.html", { Range });
      expect([Status, Body]).toEqual([200, "0123456789"]);
    }
    rmSync(join(folder, "gone.html"));
    await expect(HttpGet(port, "/gone.html")).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await HttpGet(port, "/page.html")).Status).toBe(200);
  });

  test("without a folder there is nothing", async () => {
    const bridge = await StartBridge(network);
    expect((await HttpGet(bridge.Server.Port(), "/")).Status).toBe(404);
  });

  test("a folder that is not there is refused with a sentence", () => {
    const options = { Static: "/nowhere/at/all", Backend: network.Backend };
    expect(() => new BridgeServer(options)).toThrow("is no folder");
  });
});

describe("starting and stopping", () => {
  test("a port in use rejects", async () => {
    const bridge = await StartBridge(network);
    const second = new BridgeServer({ Port: bridge.Server.Port(), Backend: network.Backend });
    await expect(second.Start()).rejects.toMatchObject({ code: "EADDRINUSE" });
  });

  test("Stop tells the pages, frees the port and can be followed by another bridge", async () => {
    const bridge = await StartBridge(network);
    const client = bridge.Client();
    await client.WaitPacket(0x03);
    const Port = bridge.Server.Port();
    await bridge.Server.Stop();
    await client.WaitClosed();
    expect(client.Closed).toBe(1001);
    await StartBridge(network, { Dev: true, Port });
  });

  test("a page that does not answer the close is cut off", async () => {
    const bridge = await StartBridge(network);
    const client = bridge.Client();
    await client.WaitPacket(0x03);
    client.WebSocket.pause();
    await bridge.Server.Stop(50);
    await WaitFor(() => bridge.Server.SessionCount() === 0, "the end of every session");
    expect(bridge.Server.Port()).toBe(0);
  });

  test("nothing of a log line is a payload", async () => {
    const bridge = await StartBridge(network);
    const client = bridge.Client();
    await client.WaitPacket(0x03);
    client.Connect(1, 1, "secret.example");
    await client.WaitPacket(0x04);
    const line = bridge.LogLines.find(({ msg }) => msg === "stream refused");
    expect(line).toMatchObject({ host: "secret.example", port: 1, code: "POLICY_DENIED" });
  });
});
