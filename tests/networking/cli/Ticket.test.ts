import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ReadTicket } from "../../../networking/bridge/Ticket.ts";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { WispClient } from "../bridge/WispClient.ts";
import { BridgeRun } from "./BridgeRun.ts";
import { Moonwire } from "./Run.ts";

const folder = mkdtempSync(join(tmpdir(), "moonwire-ticket-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const secret = "k".repeat(32);
const keyFile = join(folder, "ticket.key");
writeFileSync(keyFile, `${secret}\n`);

test("prints a ticket with the scope that was asked for", async () => {
  const scope = ["--target", "arena", "--target", "chat", "--ports", "7350-7360", "--no-listen"];
  const run = await Moonwire("ticket", "--key-file", keyFile, "--seconds", "60", ...scope);
  expect([run.Code, run.Err]).toEqual([0, ""]);
  const claims = ReadTicket(new TicketKey(secret), run.Out.trim());
  expect(claims).toMatchObject({
    Targets: ["arena", "chat"],
    Ports: "7350-7360",
    ListenPorts: null,
  });
  expect((claims?.ExpiresMs ?? 0) - Date.now()).toBeGreaterThan(30_000);
});

test("a bridge with that key takes it, once", async () => {
  const run = BridgeRun.Start("--dev", "--port", "0", "--ticket-key-file", keyFile);
  const mint = await Moonwire("ticket", "--key-file", keyFile);
  const options = { Origin: null, Protocols: ["mwx1", mint.Out.trim()] };
  const port = await run.Port();
  const client = new WispClient(port, options);
  await client.WaitPacket(PacketType.INFO);
  const again = new WispClient(port, options);
  await again.WaitClosed();
  expect([again.Closed, client.Closed]).toEqual([4401, null]);
  expect(run.Run.Out).not.toContain(mint.Out.trim().slice(5));
  client.End();
});

test("Ed25519: the private key mints, a bridge with the public key takes it", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const [own, theirs] = [join(folder, "private.pem"), join(folder, "public.pem")];
  writeFileSync(own, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(theirs, publicKey.export({ type: "spki", format: "pem" }));
  const run = BridgeRun.Start("--dev", "--port", "0", "--ticket-key-file", theirs);
  const mint = await Moonwire("ticket", "--key-file", own);
  const client = new WispClient(await run.Port(), { Protocols: ["mwx1", mint.Out.trim()] });
  await client.WaitPacket(PacketType.INFO);
  client.End();
  const wrong = await Moonwire("ticket", "--key-file", theirs);
  expect([wrong.Code, wrong.Err]).toEqual([2, expect.stringContaining("private key")]);
});

describe("a mistake exits with 2 and one sentence", () => {
  test.each([
    ["no key", [], "--key-file"],
    ["a key file that is not there", ["--key-file", "/nowhere"], "/nowhere"],
    ["too long a life", ["--key-file", keyFile, "--seconds", "61"], "1 to 60"],
    ["ports that are none", ["--key-file", keyFile, "--ports", "0"], "are no ports"],
    ["too many targets", ["--key-file", keyFile, "--target", "a".repeat(4_000)], "too long"],
  ])("%s", async (_name, args, word) => {
    const run = await Moonwire("ticket", ...args);
    expect(run.Code).toBe(2);
    expect(run.Err.trim().split("\n")).toHaveLength(1);
    expect(run.Err).toContain(word);
    expect(run.Out).toBe("");
  });
});
