import { once } from "node:events";
import { request } from "node:https";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { HttpPort } from "../../../networking/bridge/HttpPort.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const set = Certificates();
const pair = { Certificate: set.Server.Certificate, Key: set.Server.PrivateKey };
const other = { Certificate: set.Stranger.Certificate, Key: set.Stranger.PrivateKey };

const ports: HttpPort[] = [];
afterEach(() => {
  for (const port of ports.splice(0)) {
    port.Server.closeAllConnections();
    port.Server.close();
  }
});

async function listen(limits: Partial<BridgeLimits>, tls: typeof pair | null): Promise<HttpPort> {
  const port = new HttpPort({ ...BridgeLimits, ...limits }, tls);
  ports.push(port);
  port.Server.on("request", (_request, response) => response.end());
  await port.Listen(0, "127.0.0.1");
  return port;
}

/** The common name of the certificate's issuer that a new connection sees. */
function issuer(port: HttpPort): Promise<string | string[] | undefined> {
  return new Promise((resolve, reject) => {
    const ca = [set.Ca.Certificate, set.OtherCa.Certificate];
    const options = { host: "127.0.0.1", port: port.Port(), ca, agent: false as const };
    const call = request(options, (response) => {
      resolve((response.socket as TLSSocket).getPeerCertificate().issuer.CN);
      response.resume();
    });
    call.on("error", reject);
    call.end();
  });
}

describe("a certificate", () => {
  test("is served, and another one from the next connection on", async () => {
    const port = await listen({}, pair);
    expect(await issuer(port)).toBe("ca");
    port.SetCertificate(other);
    expect(await issuer(port)).toBe("otherCa");
  });

  test.each([
    ["a key of another", { Certificate: pair.Certificate, Key: other.Key }],
    ["no PEM", { Certificate: "nonsense", Key: pair.Key }],
    ["nothing", { Certificate: "", Key: "" }],
  ])("with %s is refused, and the old one stays", async (_name, wrong) => {
    expect(() => new HttpPort(BridgeLimits, wrong)).toThrow(TypeError);
    const port = await listen({}, pair);
    expect(() => port.SetCertificate(wrong)).toThrow("cannot be used");
    expect(await issuer(port)).toBe("ca");
  });

  test("is nothing that a plain port can be given", async () => {
    const port = await listen({}, null);
    expect(() => port.SetCertificate(pair)).toThrow("without a certificate");
  });
});

describe("connections", () => {
  const newPeer = (port: HttpPort) => new PlainPeer(connect(port.Port(), "127.0.0.1"));

  test.each([
    ["plain", null, "408"],
    ["TLS", pair, ""],
  ])("that say nothing are ended in time: %s", async (_name, tls, answer) => {
    const port = await listen({ upgradeTimeoutMs: 150, sweepEveryMs: 40 }, tls);
    const peer = newPeer(port);
    await WaitFor(() => peer.Closed, "the end of a silent connection");
    expect(peer.Text().slice(9, 12)).toBe(answer);
  });

  test("beyond the limit are closed as they come, and taken when others have gone", async () => {
    const port = await listen({ maxConnections: 2 }, null);
    const peers = [newPeer(port), newPeer(port)];
    await WaitFor(() => peers.every((peer) => !peer.Socket.connecting), "two connections");
    const third = newPeer(port);
    await WaitFor(() => third.Closed, "the end of the third");
    expect(peers.map((peer) => peer.Closed)).toEqual([false, false]);
    peers[0]?.Socket.destroy();
    const answered = async (): Promise<boolean> => {
      const next = newPeer(port);
      next.Send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      await WaitFor(() => next.Closed, "an answer or an end");
      return next.Text().includes("200");
    };
    // The server hears of the first one's end when it does.
    for (let tries = 0; tries < 100; tries++) if (await answered()) return;
    expect.unreachable("no connection was taken after one had gone");
  });
});

test.each([
  [16_383, "200"],
  [16_384, "431"],
  [16_385, "431"],
])("a request whose URL and headers have %i bytes is answered %s", async (size, status) => {
  const port = await listen({}, null);
  const peer = new PlainPeer(connect(port.Port(), "127.0.0.1"));
  // Node.js counts the path, the names and the values, and not what is between them.
  const rest = "y".repeat(size - "/HostaConnectioncloseX".length);
  peer.Send(`GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: ${rest}\r\n\r\n`);
  await WaitFor(() => peer.Closed, "an answer");
  expect(peer.Text().slice(9, 12)).toBe(status);
});

test("Listen rejects with the system's error", async () => {
  const port = await listen({}, null);
  const second = new HttpPort(BridgeLimits, null);
  await expect(second.Listen(port.Port(), "127.0.0.1")).rejects.toMatchObject({
    code: "EADDRINUSE",
  });
  expect(second.Port()).toBe(0);
});

test("knows whether a connection to an address would arrive here", async () => {
  const at = (text: string) => new IpAddress(text);
  const own = [at("10.0.0.7")];
  const one = await listen({}, null);
  const is = (port: HttpPort, text: string, number = port.Port()) =>
    port.IsAt(at(text), number, own);
  expect(is(one, "127.0.0.1")).toBe(true);
  expect(["127.0.0.2", "::1", "10.0.0.7"].map((text) => is(one, text))).toEqual([
    false,
    false,
    false,
  ]);
  expect([is(one, "127.0.0.1", one.Port() + 1), is(one, "127.0.0.1", 0)]).toEqual([false, false]);
  const all = new HttpPort(BridgeLimits, null);
  ports.push(all);
  expect(is(all, "127.0.0.1", 1)).toBe(false);
  await all.Listen(0, "0.0.0.0");
  expect(["127.0.0.1", "127.9.9.9", "10.0.0.7", "10.0.0.8"].map((text) => is(all, text))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

test("Close frees the port when the last connection has ended", async () => {
  const port = await listen({}, null);
  const peer = new PlainPeer(connect(port.Port(), "127.0.0.1"));
  await WaitFor(() => !peer.Socket.connecting, "a connection");
  const closed = port.Close();
  peer.Socket.destroy();
  await closed;
  expect(port.Port()).toBe(0);
});

test("a client that reads nothing of an answer is cut off", async () => {
  const port = await listen({ stallTimeoutMs: 100 }, null);
  const answer = Buffer.alloc(64 * 1024 * 1024); // more than the system keeps for a connection
  let over = false;
  port.Server.removeAllListeners("request");
  port.Server.on("request", (_request, response) => {
    response.on("close", () => (over = true));
    response.end(answer);
  });
  const client = connect(port.Port(), "127.0.0.1"); // never told to read
  client.on("error", () => undefined);
  client.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  await WaitFor(() => over, "the cut");
  expect(client.bytesRead).toBeLessThan(answer.length);
  client.destroy();
});

test.each([
  ["plain", null],
  ["TLS", pair],
])("a silent client of a %s port is cut off, and the port closes", async (_name, tls) => {
  const port = await listen({ upgradeTimeoutMs: 60_000 }, tls);
  const client = connect(port.Port(), "127.0.0.1");
  client.on("error", () => undefined);
  await once(port.Server, "connection");
  const closed = port.Close();
  port.CutOff();
  await closed;
  expect(port.Port()).toBe(0);
});
