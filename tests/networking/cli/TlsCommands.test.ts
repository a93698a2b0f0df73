/** The commands that speak TLS, against each other and OpenSSL's tools. */
import { rmSync } from "node:fs";
import { mkdtemp, readFile, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Certificates } from "../../Support/Certificates.ts";
import { SClient, SServer } from "../../Support/OpenSsl.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Moonwire, Run } from "./Run.ts";

const { Ca, Server, WrongName, Client, OtherCa, OtherClient } = Certificates();
const serverFiles = [Server.CertificateFile, Server.PrivateKeyFile];
const trust = ["--cafile", Ca.CertificateFile];
const clientFiles = ["--certfile", Client.CertificateFile, "--keyfile", Client.PrivateKeyFile];
const mutual = [...trust, "--require-client-cert"];

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

async function start(...flags: string[]): Promise<{ Server: Run; Port: string }> {
  const server = Run.Moonwire("run-ssl-tcp-server", "0", ...serverFiles, ...flags);
  return { Server: server, Port: String(await server.Port()) };
}

test("the page's example: a message and its echo, over TLS", async () => {
  const { Server: server, Port } = await start();
  const client = await Moonwire("send-ssl-tcp", "localhost", Port, "Hello Secure", ...trust);
  expect([client.Code, client.Out, client.Err]).toEqual([0, "Echo: Hello Secure\n", ""]);
  server.Child.kill("SIGTERM");
  await server.Ended();
  expect([server.Code, server.Err]).toEqual([0, ""]);
});

describe("a client verifies", () => {
  test.each([
    ["the authority", Server, ["--cafile", OtherCa.CertificateFile], "certificate is not valid"],
    ["the authority, with the system's", Server, [], "certificate is not valid"],
    ["the name", WrongName, trust, "for another name"],
  ])("%s", async (_name, shown, flags, sentence) => {
    const files = [shown.CertificateFile, shown.PrivateKeyFile];
    const server = Run.Moonwire("run-ssl-tcp-server", "0", ...files);
    const port = String(await server.Port());
    const client = await Moonwire("send-ssl-tcp", "localhost", port, "x", ...flags);
    expect([client.Code, client.Err]).toEqual([1, expect.stringContaining(sentence)]);
    expect(server.Out).not.toContain("bytes");
    const careless = await Moonwire("send-ssl-tcp", "localhost", port, "x", "--no-verify");
    expect([careless.Code, careless.Out]).toEqual([0, "Echo: x\n"]);
  });
});

describe("a server that requires a certificate", () => {
  test("takes a client that has one of its authority", async () => {
    const { Port } = await start(...mutual);
    const args = ["send-ssl-tcp", "localhost", Port, "x", ...trust];
    const client = await Moonwire(...args, ...clientFiles);
    expect([client.Code, client.Out, client.Err]).toEqual([0, "Echo: x\n", ""]);
  });

  const others = [
    "--certfile",
    OtherClient.CertificateFile,
    "--keyfile",
    OtherClient.PrivateKeyFile,
  ];
  test.each([
    ["none", []],
    ["one of another authority", others],
  ])("refuses a client that has %s", async (_name, flags) => {
    const { Server: server, Port } = await start(...mutual);
    const args = ["send-ssl-tcp", "localhost", Port, "x", ...trust];
    const client = await Moonwire(...args, ...flags);
    expect([client.Code, client.Out]).toEqual([1, ""]);
    await WaitFor(() => server.Out.includes("failed"), "the server's line");
    expect(server.Out).not.toContain("bytes");
  });
});

describe("OpenSSL", () => {
  test.each(["-tls1_2", "-tls1_3"])("s_client %s is answered", async (version) => {
    const { Port } = await start();
    const client = SClient(Number(Port), ["-CAfile", Ca.CertificateFile, version, "-quiet"]);
    endings.push(() => client.Stop());
    client.Send("Hello");
    await client.WaitOutput(11);
    expect(client.Output.toString()).toBe("Echo: Hello");
  });

  test("s_server gets the message, and its answer is printed", async () => {
    const server = await SServer.Start(["-cert", serverFiles[0]!, "-key", serverFiles[1]!, "-rev"]);
    endings.push(() => server.Stop());
    const port = String(server.Port);
    const client = await Moonwire("send-ssl-tcp", "localhost", port, "olleH\n", ...trust);
    expect([client.Code, client.Out]).toEqual([0, "Hello\n"]);
  });
});

test("a file goes over TLS, to a server that wants to know the sender", async () => {
  const inbox = await mkdtemp(join(tmpdir(), "moonwire-inbox-"));
  endings.push(() => rmSync(inbox, { recursive: true }));
  const [certfile, keyfile] = serverFiles;
  const own = ["--certfile", certfile!, "--keyfile", keyfile!];
  const server = Run.Moonwire("run-file-server", "0", inbox, ...own, ...mutual);
  const port = String(await server.Port());
  const args = ["send-file", "localhost", port, "package.json", ...trust];
  expect((await Moonwire(...args, "--tls")).Code).toBe(1);
  expect(await readdir(inbox)).toEqual([]);
  const sent = await Moonwire(...args, ...clientFiles);
  expect([sent.Code, sent.Err]).toEqual([0, ""]);
  expect(await readFile(join(inbox, "package.json"))).toEqual(await readFile("package.json"));
});
