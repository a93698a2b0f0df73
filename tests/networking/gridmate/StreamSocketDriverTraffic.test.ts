/** Random traffic on the in-process network, whose links split, delay and throttle; by seed. */
import { expect, test } from "vitest";
import { RandomFaults, RandomLink } from "../../../networking/backends/memory/RandomFaults.ts";
import { Random } from "../../../networking/backends/memory/Random.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { GridMateLimits } from "../../../networking/gridmate/GridMateLimits.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Ok } from "./Drivers.ts";
import { UseMemoryDrivers } from "./MemoryPlace.ts";
import { PlayTraffic, TakeTurns } from "./Traffic.ts";

CaptureNetLog();
const drivers = UseMemoryDrivers();
const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
console.info(`StreamSocketDriverTraffic.test.ts: TEST_SEED=${seed}`);
const seeds = Array.from({ length: 12 }, (_, i) => (seed + i * 7_919) & 0x7fffffff);

test.each(seeds)("small packets over links of all kinds, seed %i", async (one) => {
  const link = { ...RandomLink(one), BytesPerSecond: Infinity, LatencyMs: 2, WindowBytes: 300 };
  const all = drivers({ Seed: one, Link: link });
  const { Network } = all.World;
  Network.Plan(RandomFaults(one, { DurationMs: 300, Kinds: ["stall"], MostFaults: 3 }));
  const sizes = [32, 600, 700, 700] as const;
  const plan = { Seed: one, Clients: 4, Packets: 40, MostBytes: 600 };
  await PlayTraffic(all, all.Server(sizes), sizes, plan);
});

test.each(seeds.slice(0, 4))("packets up to the longest, seed %i", async (one) => {
  const random = new Random(one);
  const WriteBytes = random.Pick([Infinity, 997]);
  const ReadBytes = random.Pick([Infinity, 1_009]);
  const all = drivers({ Seed: one, Link: { WriteBytes, ReadBytes, JitterMs: 3 } });
  const sizes = [32, 65_536, 65_536, 65_536] as const;
  const plan = { Seed: one, Clients: 3, Packets: 40, MostBytes: 65_535 };
  const refusals = await PlayTraffic(all, all.Server(sizes), sizes, plan);
  expect(refusals).toBeGreaterThan(0);
});

test.each(seeds)(
  "clients that come, go and are cut off leave no event alone, seed %i",
  async (one) => {
    const random = new Random(one);
    const all = drivers({ Seed: one, Link: { ...RandomLink(one), LatencyMs: 2, JitterMs: 2 } });
    const server = all.Server([3], 16);
    const clients = Array.from({ length: 6 }, () => all.Client([1]));
    const address = all.AddressOf(server);
    const kinds = ["stall", "reset", "refuse"] as const;
    all.World.Network.Plan(RandomFaults(one, { DurationMs: 400, Kinds: kinds, MostFaults: 8 }));
    const buffer = new Uint8Array(65_535);
    for (let tick = 0; tick < 400; tick++) {
      const { Driver } = random.Pick(clients);
      switch (random.Integer(0, 7)) {
        case 0:
          Driver.DisconnectFrom(address);
          break;
        case 1:
        case 2:
          Driver.ConnectTo(address);
          break;
        case 3: {
          const known = [...server.Diary.Connected];
          if (known.length > 0) server.Driver.DisconnectFrom(random.Pick(known));
          break;
        }
        case 4:
          if (server.Driver.IsListening()) server.Driver.StopListen(random.Integer(0, 3) === 0);
          break;
        case 5:
          server.Driver.StartListen(16);
          break;
        default:
          Driver.Send(address, new Uint8Array(random.Integer(1, 400)));
      }
      await all.Tick();
      while (server.Driver.Receive(buffer).Size > 0);
      expect(server.Driver.GetNumberOfConnections()).toBe(server.Diary.Connected.size);
      expect(server.Driver.GetNumberOfConnections()).toBeLessThanOrEqual(3);
      for (const client of clients) {
        const isConnected = client.Diary.Connected.has(address);
        if (client.Driver.IsConnectedTo(address)) expect(isConnected).toBe(true);
      }
    }
  },
);

test("32 clients against a maximum of 4: all get in, one after the other", async () => {
  const all = drivers();
  const { server, clients } = await TakeTurns(all);
  const address = all.AddressOf(server);
  await all.Tick(10);
  for (const { Diary } of clients) expect(Diary.Lines).toEqual([`+${address}`, `-${address}`]);
});

test.each(seeds)("a peer that sends noise harms nobody else, seed %i", async (one) => {
  const random = new Random(one);
  const all = drivers({ Seed: one, Link: { WriteBytes: 50, ReadBytes: 50 } });
  const server = all.Server([8, 600, 700, 700]);
  const good = await all.Join(server);
  const address = all.AddressOf(server);
  const buffer = new Uint8Array(700);
  let heard = 0;
  const listen = (): void => {
    for (let from = server.Driver.Receive(buffer).From; from !== null;) {
      if (from === good.Seen) heard++;
      from = server.Driver.Receive(buffer).From;
    }
  };
  for (let round = 0; round < 10; round++) {
    const noisy = all.World.Stream();
    noisy.ConnectToHost("server", server.Driver.GetPort());
    for (let tick = 0; tick < 12; tick++) {
      const noise = new Uint8Array(random.Integer(1, 300));
      // Headers of all sorts: zero, short, too long.
      for (let i = 0; i < noise.length; i++) noise[i] = random.Pick([0, 0, 1, 2, 3, 40, 255]);
      noisy.Poll();
      noisy.PutPartialData(noise);
      Ok(good.Driver.Send(address, Uint8Array.of(7, 7, 7)));
      await all.Tick();
      for (let from = server.Driver.Receive(buffer).From; from !== null;) {
        if (from === good.Seen) heard++;
        from = server.Driver.Receive(buffer).From;
      }
    }
    if (random.Integer(0, 1) === 0) noisy.Abort();
    else noisy.DisconnectFromHost();
  }
  await all.Tick(20);
  listen();
  expect(heard).toBe(120);
  expect(server.Driver.IsConnectedTo(good.Seen)).toBe(true);
});

test("one Update accepts so many, and the rest later", async () => {
  const all = drivers();
  const { acceptsPerUpdate } = GridMateLimits;
  const server = all.Server([1_000, 16, 256, 256], 1_000);
  const clients = Array.from({ length: acceptsPerUpdate + 1 }, () => all.Client([1, 16, 256, 256]));
  for (const { Driver } of clients) Ok(Driver.ConnectTo(all.AddressOf(server)));
  for (let i = 0; i < 5; i++) await all.Place.Pass();
  server.Driver.Update();
  expect(server.Driver.GetNumberOfConnections()).toBe(acceptsPerUpdate);
  server.Driver.Update();
  expect(server.Driver.GetNumberOfConnections()).toBe(acceptsPerUpdate + 1);
});

test("a client reconnects many times, and each time all of it arrives", async () => {
  const all = drivers({ Seed: seed, Link: { WriteBytes: 7, ReadBytes: 5 } });
  const server = all.Server();
  const client = all.Client();
  const address = all.AddressOf(server);
  const buffer = new Uint8Array(65_535);
  for (let round = 1; round <= 20; round++) {
    Ok(client.Driver.ConnectTo(address));
    for (let i = 0; i < 3; i++) {
      Ok(client.Driver.Send(address, new Uint8Array(50 * round).fill(round)));
    }
    if (round % 2 === 0) await all.Until(() => client.Driver.IsConnectedTo(address), "it");
    const early = client.Driver.IsConnectedTo(address) ? 3 : 0;
    if (early > 0) Ok(client.Driver.DisconnectFrom(address));
    let received = 0;
    await all.Until(() => {
      for (let size = server.Driver.Receive(buffer).Size; size > 0;) {
        expect(buffer.subarray(0, size)).toEqual(new Uint8Array(50 * round).fill(round));
        received++;
        size = server.Driver.Receive(buffer).Size;
      }
      return received === 3;
    }, "three packets");
    if (early === 0) Ok(client.Driver.DisconnectFrom(address));
    await all.Until(() => server.Driver.GetNumberOfConnections() === 0, "the end");
  }
  expect(client.Diary.CountEstablished()).toBe(20);
  expect(server.Diary.CountEstablished()).toBe(20);
});

test("a link that is cut leaves a connection that can be ended from here", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  all.World.Network.Inject({ Kind: "cut" });
  Ok(client.Driver.Send(all.AddressOf(server), Uint8Array.of(1)));
  await all.Tick(100);
  expect(server.Driver.IsConnectedTo(client.Seen)).toBe(true);
  Ok(server.Driver.DisconnectFrom(client.Seen));
  await all.Tick();
  expect(server.Diary.Connected.size).toBe(0);
  expect(server.Driver.GetLastError(client.Seen)).toBe(SocketError.SUCCESS);
});

test("a reset ends both, with the reason", async () => {
  const all = drivers();
  const server = all.Server();
  const client = await all.Join(server);
  all.World.Network.Inject({ Kind: "reset" });
  await all.Tick(2);
  expect(server.Diary.Connected.size).toBe(0);
  expect(server.Driver.GetLastError(client.Seen)).toBe(SocketError.CONNECTION_RESET);
  expect(client.Driver.GetLastError(all.AddressOf(server))).toBe(SocketError.CONNECTION_RESET);
});
