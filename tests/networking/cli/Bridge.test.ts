import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, describe, expect, test } from "vitest";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { PlainServer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { HttpGet } from "../bridge/HttpGet.ts";
import { WispClient } from "../bridge/WispClient.ts";
import { BridgeRun } from "./BridgeRun.ts";
import { Moonwire } from "./Run.ts";

const folder = mkdtempSync(join(tmpdir(), "moonwire-bridge-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("bad arguments exit with 2 and one sentence", () => {
  test.each([
    ["an unknown command", ["brigde"], "unknown command"],
    ["an unknown flag", ["bridge", "--nope"], "--nope"],
    ["a port that is none", ["bridge", "--port", "65536"], "0 to 65535"],
    ["a rule that is none", ["bridge", "--allow", "example.com"], "example.com"],
    ["a target that is none", ["bridge", "--target", "arena"], "arena"],
    ["an origin that is none", ["bridge", "--origin", "example.com"], "example.com"],
    ["a folder that is not there", ["bridge", "--static", "/nowhere/at/all"], "is no folder"],
    ["a limit that is none", ["bridge", "--limit", "maxSession=5"], "maxSession"],
    ["a limit without a number", ["bridge", "--limit", "maxSessions"], "name=number"],
    ["limits that contradict", ["bridge", "--limit", "maxStreams=257"], "contradict"],
    ["a proxy that is none", ["bridge", "--trusted-proxy", "proxy"], "is no proxy"],
    ["listening at a name", ["bridge", "--listen-ports", "7400", "--listen-host", "a"], '"a"'],
    ["a certificate alone", ["bridge", "--tls-cert", "/x"], "needs its key"],
    ["a file that is not there", ["bridge", "--ticket-key-file", "/nowhere"], "/nowhere"],
    ["settings that are not there", ["bridge", "--config", "/nowhere"], "/nowhere"],
  ])("%s", async (_name, args, word) => {
    const run = await Moonwire(...args);
    expect(run.Code).toBe(2);
    expect(run.Err.trim().split("\n")).toHaveLength(1);
    expect(run.Err).toContain(word);
    expect(run.Out).toBe("");
  });
});

test("--help explains every flag, with examples, and exits with 0", async () => {
  const run = await Moonwire("bridge", "--help");
  expect(run.Code).toBe(0);
  const flags = "config host port allow target origin ticket-key-file trusted-proxy listen-ports";
  const more = "listen-host tls-cert tls-key target-ca static metrics-port limit dev";
  for (const flag of `${flags} ${more} print-config`.split(" "))
    expect(run.Out).toContain(`--${flag}`);
  expect(run.Out).toContain("Examples:");
});

describe("settings", () => {
  test("a file's count, flags win over them, and --print-config shows what comes of it", async () => {
    const path = file("bridge.json", '{"port":1,"origin":["https://a.example"],"dev":true}');
    const args = ["--config", path, "--port", "2", "--limit", "maxSessions=5"];
    const origin = ["--origin", "https://b.example"];
    const run = await Moonwire("bridge", ...args, ...origin, "--print-config");
    expect(run.Code).toBe(0);
    const shown = JSON.parse(run.Out) as object;
    expect(shown).toMatchObject({ port: 2, dev: true, origin: ["https://b.example"] });
    expect(shown).toMatchObject({ limits: { maxSessions: 5, pingEveryMs: 20_000 } });

    const again = await Moonwire(
      "bridge",
      "--config",
      file("shown.json", run.Out),
      "--print-config",
    );
    expect(JSON.parse(again.Out)).toEqual(shown);
  });

  test("a bridge runs from a file", async () => {
    const path = file("run.json", '{"port":0,"metricsPort":0,"dev":true,"static":null}');
    const run = BridgeRun.Start("--config", path);
    const client = new WispClient(await run.Port());
    await client.WaitPacket(PacketType.CONTINUE);
    const { Body } = await HttpGet(await run.Port("metricsPort"), "/metrics");
    expect(Body).toContain("moonwire_bridge_sessions 1\n");
    client.End();
  });
});

test("a port in use is one sentence and exit 1", async () => {
  const first = BridgeRun.Start("--port", "0", "--metrics-port", "0");
  const port = await first.Port();
  const second = await Moonwire("bridge", "--port", String(port));
  expect([second.Code, second.Err]).toEqual([
    1,
    `Port ${port} of 127.0.0.1 is in use; choose another with --port.\n`,
  ]);
  const metricsPort = await first.Port("metricsPort");
  const third = await Moonwire("bridge", "--port", "0", "--metrics-port", String(metricsPort));
  expect([third.Code, third.Err]).toEqual([
    1,
    `Port ${metricsPort} of 127.0.0.1 is in use; choose another with --metrics-port.\n`,
  ]);
});

describe("ending", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s ends in order: the target has every byte, the page a close, the exit code is 0",
    async (signal) => {
      const target = await PlainServer.Start();
      const run = BridgeRun.Start("--port", "0", "--dev");
      const client = new WispClient(await run.Port());
      await client.WaitPacket(PacketType.CONTINUE);
      client.Connect(1, target.Port);
      client.SendData(1, new Uint8Array(100_000));
      const peer = await target.Peer();
      peer.Socket.on("end", () => peer.Socket.end());
      await peer.WaitReceived(1);
      run.Run.Child.kill(signal);
      await run.Run.Ended();
      expect([run.Run.Code, client.Closed, peer.Received.length, peer.Failure]).toEqual([
        0,
        1001,
        100_000,
        "",
      ]);
      target.Stop();
    },
  );

  test("it waits for pages that have streams, not ready; a second signal ends it now", async () => {
    const target = await PlainServer.Start();
    const place = ["--target", `echo=127.0.0.1:${target.Port}`, "--origin", "http://a.example"];
    const run = BridgeRun.Start("--port", "0", "--metrics-port", "0", ...place);
    const client = new WispClient(await run.Port(), { Origin: "http://a.example" });
    await client.WaitPacket(PacketType.CONTINUE);
    client.Connect(1, 0, "echo");
    await target.Peer();
    run.Run.Child.kill("SIGTERM");
    await run.WaitLine("bridge drains");
    expect((await HttpGet(await run.Port("metricsPort"), "/readyz")).Status).toBe(503);
    client.SendData(1, "still served");
    await (await target.Peer()).WaitReceived("still served".length);
    expect(run.Run.Code).toBeNull();
    run.Run.Child.kill("SIGTERM");
    await run.Run.Ended();
    expect(run.Run.Code).toBe(1);
    client.End();
    target.Stop();
  });
});

describe("wss", () => {
  const { Ca, OtherCa, Server, Stranger } = Certificates();
  const ca = [Ca.Certificate, OtherCa.Certificate];

  /** Whose certificate a new connection sees. */
  function issuer(port: number): Promise<string | string[] | undefined> {
    return new Promise((resolve, reject) => {
      const call = request({ host: "127.0.0.1", port, ca, agent: false }, (response) => {
        resolve((response.socket as TLSSocket).getPeerCertificate().issuer.CN);
        response.resume();
      });
      call.on("error", reject).end();
    });
  }

  test("SIGHUP takes a new certificate without ending a stream, and no broken one", async () => {
    const target = await PlainServer.Start();
    const [cert, key] = [file("c.pem", Server.Certificate), file("k.pem", Server.PrivateKey)];
    const run = BridgeRun.Start("--dev", "--port", "0", "--tls-cert", cert, "--tls-key", key);
    const port = await run.Port();
    const client = new WispClient(port, { Ca: Ca.Certificate });
    await client.WaitPacket(PacketType.CONTINUE);
    client.Connect(1, target.Port);
    const peer = await target.Peer();
    expect(await issuer(port)).toBe("ca");

    file("c.pem", Stranger.Certificate);
    run.Run.Child.kill("SIGHUP");
    await run.WaitLine("certificate kept, the new one cannot be used");
    expect(await issuer(port)).toBe("ca");

    file("k.pem", Stranger.PrivateKey);
    run.Run.Child.kill("SIGHUP");
    await run.WaitLine("certificate replaced");
    expect(await issuer(port)).toBe("otherCa");

    peer.Send("over the old one");
    await client.WaitText(1, "over the old one");
    expect(client.Closed).toBeNull();
    client.End();
    target.Stop();
  });

  test("SIGHUP without a certificate ends nothing", async () => {
    const run = BridgeRun.Start("--origin", "https://game.example", "--port", "0");
    await run.Port();
    run.Run.Child.kill("SIGHUP");
    await run.WaitLine("no certificate to read again");
    run.Run.Child.kill("SIGTERM");
    await WaitFor(() => run.Run.Code !== null, "the end of the bridge");
    expect(run.Run.Code).toBe(0);
  });

  test("whoever speaks plain HTTP to it is ended, and no other", async () => {
    const [cert, key] = [Server.CertificateFile, Server.PrivateKeyFile];
    const run = BridgeRun.Start("--dev", "--port", "0", "--tls-cert", cert, "--tls-key", key);
    const port = await run.Port();
    const client = new WispClient(port, { Ca: Ca.Certificate });
    await client.WaitPacket(PacketType.CONTINUE);
    const plain = new WispClient(port);
    await plain.WaitClosed();
    expect([plain.Closed, client.Closed]).toEqual([1006, null]);
    client.End();
    await WaitFor(() => run.Lines("session closed").length === 1, "the end of the session");
  });
});
