/** Secure drivers at work on real sockets, against each other and against plain `node:tls`. */
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Address, Bytes, Ok, ReceiveTexts } from "./Drivers.ts";
import { UseNodeDrivers } from "./NodePlace.ts";
import { MakeSecure } from "./SecureDrivers.ts";
import { PlayTraffic, TakeTurns } from "./Traffic.ts";

CaptureNetLog();
const network = UseNetwork();
const secure = UseNodeDrivers(network, MakeSecure);
const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`StreamSecureSocketDriverTraffic.test.ts: TEST_SEED=${seed}`);
const made = Certificates();

test("events come in pairs, and an end in order is no failure", async () => {
  const all = secure();
  const server = all.Server();
  const client = await all.Join(server);
  const address = all.AddressOf(server);
  Ok(client.Driver.Send(address, Bytes("goodbye")));
  Ok(client.Driver.DisconnectFrom(address));
  await all.Until(() => ReceiveTexts(server.Driver).join("") === "goodbye", "the last packet");
  await all.Until(() => server.Diary.Connected.size === 0, "the end");
  expect(server.Diary.Lines).toEqual([`+${client.Seen}`, `-${client.Seen}`]);
  expect(client.Diary.Lines).toEqual([`+${address}`, `-${address}`]);
  expect(server.Driver.GetLastError(client.Seen)).toBe(SocketError.SUCCESS);
});

test("a client reconnects many times, with sessions to resume", async () => {
  const all = secure();
  const server = all.Server();
  const client = all.Client();
  const address = all.AddressOf(server);
  for (let round = 1; round <= 10; round++) {
    Ok(client.Driver.ConnectTo(address));
    Ok(client.Driver.Send(address, Bytes(`round ${round}`)));
    await all.Until(() => ReceiveTexts(server.Driver).join("") === `round ${round}`, "a packet");
    Ok(client.Driver.DisconnectFrom(address));
    await all.Until(() => server.Driver.GetNumberOfConnections() === 0, "the end");
  }
  expect(client.Diary.CountEstablished()).toBe(10);
});

test("a length of zero inside of TLS ends that connection", async () => {
  const all = secure();
  const server = all.Server();
  const ca = made.Ca.Certificate;
  const port = server.Driver.GetPort();
  const socket = connect({ port, host: "127.0.0.1", ca, servername: "localhost" });
  network.Ending(() => socket.destroy());
  const plain = new PlainPeer(socket);
  await all.Until(() => server.Diary.Connected.size === 1, "node's client");
  const [bad] = server.Diary.Connected;
  plain.Send(Uint8Array.of(0, 0));
  await all.Until(() => server.Diary.Connected.size === 0, "its end");
  expect(server.Driver.GetLastError(bad!)).toBe(SocketError.PROTOCOL_ERROR);
});

test("random traffic both ways, packets up to the longest", async () => {
  const all = secure();
  const sizes = [32, 65_536, 65_536, 65_536] as const;
  const plan = { Seed: seed, Clients: 3, Packets: 200, MostBytes: 65_535 };
  await PlayTraffic(all, all.Server(sizes), sizes, plan);
});

test("a carrier-like relay of 256 ticks: what each client says reaches all others", async () => {
  const all = secure();
  const server = all.Server([8]);
  const address = all.AddressOf(server);
  const clients = [await all.Join(server), await all.Join(server), await all.Join(server)];
  const heard = clients.map((): string[] => []);
  const buffer = new Uint8Array(65_535);
  const relay = (): void => {
    for (;;) {
      const { Result, Size, From } = server.Driver.Receive(buffer);
      Ok(Result);
      if (From === null) return;
      for (const { Seen } of clients) if (Seen !== From) Ok(server.Driver.Send(Seen, buffer, Size));
    }
  };
  const listen = (): void =>
    clients.forEach(({ Driver }, i) => heard[i]!.push(...ReceiveTexts(Driver)));
  for (let tick = 0; tick < 256; tick++) {
    clients.forEach(({ Driver }, i) => Ok(Driver.Send(address, Bytes(`${i}:${tick}`))));
    await all.Tick();
    relay();
    listen();
  }
  await all.Until(() => {
    relay();
    listen();
    return heard.every((lines) => lines.length === 512);
  }, "the rest");
  clients.forEach((_, i) => {
    for (const from of [0, 1, 2].filter((other) => other !== i)) {
      const lines = heard[i]!.filter((line) => line.startsWith(`${from}:`));
      expect(lines).toEqual(Array.from({ length: 256 }, (__, tick) => `${from}:${tick}`));
    }
  });
});

test("a plain client is no client: it is let go, and others go on", async () => {
  const all = secure();
  const server = all.Server();
  const plain = network.PlainClient(server.Driver.GetPort());
  plain.Send(Bytes("GET / HTTP/1.0\r\n\r\n"));
  await all.Until(() => plain.Closed || plain.Ended, "the end of the plain client");
  expect(server.Diary.Lines).toEqual([]);
  const client = await all.Join(server);
  Ok(client.Driver.Send(all.AddressOf(server), Bytes("fine")));
  await all.Until(() => ReceiveTexts(server.Driver).join("") === "fine", "the good client");
});

test("node's own TLS client and server speak with it: clear frames inside of TLS", async () => {
  const all = secure();
  const server = all.Server();
  const socket = connect({
    port: server.Driver.GetPort(),
    host: "127.0.0.1",
    ca: made.Ca.Certificate,
    servername: "localhost",
  });
  network.Ending(() => socket.destroy());
  const plain = new PlainPeer(socket);
  await all.Until(() => server.Diary.Connected.size === 1, "node's client");
  expect(socket.authorized).toBe(true);
  plain.Send(Uint8Array.of(0, 2, 104, 105));
  await all.Until(() => ReceiveTexts(server.Driver).join("") === "hi", "its packet");
  Ok(server.Driver.Send([...server.Diary.Connected][0]!, Bytes("ho")));
  await plain.WaitReceived(4);
  expect([...plain.Received]).toEqual([0, 2, 104, 111]);

  const { Certificate, PrivateKey } = made.Server;
  const listener = createServer({ cert: Certificate, key: PrivateKey }, (peer) => peer.pipe(peer));
  network.Ending(() => listener.close());
  listener.listen(0, "127.0.0.1");
  await WaitFor(() => listener.listening, "node's server");
  const client = all.Client();
  const { port } = listener.address() as AddressInfo;
  const echo = Address(client.Driver, `127.0.0.1|${port}`);
  Ok(client.Driver.ConnectTo(echo));
  Ok(client.Driver.Send(echo, Bytes("echo")));
  await all.Until(() => ReceiveTexts(client.Driver).join("") === "echo", "the echo");
});

test("32 clients against a maximum of 4: all get in, one after the other", async () => {
  await TakeTurns(secure());
});

test("a handshake that nobody answers can be ended from here, without an event", async () => {
  const silent = await network.PlainServer();
  const { Driver, Diary } = secure().Client();
  const address = Address(Driver, `127.0.0.1|${silent.Port}`);
  Ok(Driver.ConnectTo(address));
  await WaitFor(() => {
    Driver.Update();
    return silent.Peers[0] !== undefined && silent.Peers[0].Received.length > 0;
  }, "the handshake to begin");
  expect(Driver.IsConnectedTo(address)).toBe(false);
  Ok(Driver.Send(address, Bytes("queued, and never sent")));
  Ok(Driver.DisconnectFrom(address));
  await WaitFor(() => silent.Peers[0]!.Ended || silent.Peers[0]!.Closed, "the end");
  expect(silent.Peers[0]!.Text()).not.toContain("queued");
  expect(Diary.Lines).toEqual([]);
});

test("clients in their handshake count: at the maximum the next one waits", async () => {
  const all = secure();
  const server = all.Server([1]);
  const silent = network.PlainClient(server.Driver.GetPort());
  await WaitFor(() => !silent.Socket.connecting, "the silent client");
  await all.Tick(20);
  const client = all.Client();
  Ok(client.Driver.ConnectTo(all.AddressOf(server)));
  await all.Tick(50);
  expect(server.Driver.GetNumberOfConnections()).toBe(0);
  silent.Socket.resetAndDestroy();
  await all.Until(() => server.Driver.GetNumberOfConnections() === 1, "the other one");
});
