/** A server among clients that reset, vanish, dawdle and stay silent: the others notice nothing. */
import { expect, it } from "vitest";
import { Random } from "../../../networking/backends/memory/Random.ts";
import { StartTcpServer } from "../../../networking/toolkit/TcpServer.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();
const log = CaptureNetLog();
const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);

const behaviours = ["polite", "polite", "dawdling", "resetting", "vanishing", "silent"] as const;

/** One client from its connect to its end. @returns whether it got what it should have */
async function play(port: number, random: Random): Promise<boolean> {
  const behaviour = random.Pick(behaviours);
  const data = Buffer.alloc(random.Integer(1, 200_000), String(random.Integer(0, 9)));
  const client = network.PlainClient(port, "127.0.0.1", behaviour !== "dawdling");
  if (behaviour === "silent") {
    await WaitFor(() => client.Closed, "the reset of a silent client");
    return client.Received.length === 0;
  }
  const stopAt = random.Integer(0, data.length);
  for (let sent = 0; sent < data.length;) {
    const rude = behaviour === "resetting" || behaviour === "vanishing";
    if (rude && sent >= stopAt) break;
    const count = random.Integer(1, 60_000);
    client.Send(data.subarray(sent, sent + count));
    sent += count;
    if (random.Next() < 0.5) await NextRun();
  }
  if (behaviour === "resetting") client.Socket.resetAndDestroy();
  else if (behaviour === "vanishing") client.Socket.destroy();
  else client.Socket.end();
  if (behaviour === "dawdling") {
    await NextRun(random.Integer(0, 200));
    client.Read();
  }
  await WaitFor(() => client.Ended || client.Closed, `the end of a ${behaviour} client`);
  const isWhole = client.Received.equals(data);
  return isWhole || behaviour === "resetting" || behaviour === "vanishing";
}

it(`two hundred clients of every kind (TEST_SEED=${seed})`, async () => {
  const random = new Random(seed);
  const pauses = new Random(seed + 1);
  const server = await StartTcpServer(
    0,
    async (data, _address, reply) => {
      if (pauses.Next() < 0.2) await NextRun(pauses.Integer(0, 3));
      const sent = reply.Send(data);
      if (pauses.Next() < 0.5) await sent;
    },
    { host: "127.0.0.1", backend: network.Backend, maxConnections: 64, idleTimeout: 1_000 },
  );
  network.Ending(() => void server.Close());
  const fair: boolean[] = [];
  const one = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) fair.push(await play(server.Port, random));
  };
  await Promise.all(Array.from({ length: 40 }, one));
  expect(fair.filter((good) => !good)).toEqual([]);
  expect(fair).toHaveLength(200);
  expect(log).toEqual([]);
  await server.Close();
  expect(server.ActiveConnections).toBe(0);
  expect(server.DroppedConnections).toBe(0);
});
