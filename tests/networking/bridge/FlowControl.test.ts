/**
 * A side that stops reading stops the other side, through the bridge, and nothing is lost by it.
 */
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { Pattern, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { MwxClient, PlainClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
/** What lies in the system's own buffers on the way is a few MiB at most. */
const total = 64 * 1_048_576;
const part = new Uint8Array(65_536);

/** Writes `total` bytes and FIN, the next part when the system has taken the one before. */
class Pour {
  Taken = 0;

  constructor(socket: Socket) {
    const next = (): void => {
      if (this.Taken === total) socket.end();
      else {
        socket.write(part, () => {
          this.Taken += part.length;
          next();
        });
      }
    };
    next();
  }
}

/** Waits until a count stays the same. */
async function standstill(count: () => number): Promise<number> {
  let [before, same] = [-1, 0];
  await WaitFor(() => {
    same = count() === before ? same + 1 : 0;
    before = count();
    return same > 60;
  }, "a standstill");
  return before;
}

test("a client that reads nothing of its WebSocket stops the target", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await PlainClient(bridge);
  client.Connect(1, target.Port);
  const peer = await target.Peer();
  client.WebSocket.pause();
  const pour = new Pour(peer.Socket);
  expect(await standstill(() => pour.Taken)).toBeLessThan(total / 2);
  client.WebSocket.resume();
  await client.WaitPacket(PacketType.CLOSE);
  const sizes = client.Of(PacketType.DATA).map(({ Data }) => Data.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
});

test("a page that grants nothing stops the target, and gets it all when it grants", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await MwxClient(bridge);
  client.Connect(1, target.Port);
  await client.WaitPacket(PacketType.OPENED);
  const pour = new Pour((await target.Peer()).Socket);
  expect(await standstill(() => pour.Taken)).toBeLessThan(total / 2);
  expect(client.Of(PacketType.DATA)).toEqual([]);
  client.Send({ Type: PacketType.WINDOW, Stream: 1, Offset: total });
  await client.WaitPacket(PacketType.FIN);
  const sizes = client.Of(PacketType.DATA).map(({ Data }) => Data.length);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(total);
  expect(client.Of(PacketType.FIN)[0]?.Offset).toBe(total);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MuxLimits.quantumBytes);
});

test("a plain client that ignores its credit is not read while its target takes nothing", async () => {
  const Limits = { plainWaitingBytes: 300_000 };
  const bridge = await StartBridge(network, { Dev: true, Limits });
  const target = await network.PlainServer("127.0.0.1", false);
  const client = await PlainClient(bridge);
  client.Connect(1, target.Port);
  const peer = await target.Peer();
  const message = Pattern(131_072);
  for (let sent = 0; sent < total; sent += message.length) client.SendData(1, message);
  const left = await standstill(() => client.WebSocket.bufferedAmount);
  expect(left).toBeGreaterThan(total / 2);
  let received = 0;
  peer.Socket.on("data", (bytes: Buffer) => (received += bytes.length));
  await WaitFor(() => received === total, "every byte after all");
  expect(client.Closed).toBeNull();
});

test("streams beyond the WebSocket's budget get the floor", async () => {
  const Limits = { sessionWindowBytes: 131_072 };
  const bridge = await StartBridge(network, { Dev: true, Limits });
  const target = await network.PlainServer();
  const client = await MwxClient(bridge);
  client.Connect(1, target.Port);
  client.Connect(2, target.Port);
  await client.WaitPacket(PacketType.OPENED, 2);
  const offsets = client.Of(PacketType.OPENED).map(({ Offset }) => Offset);
  expect(offsets.toSorted((a, b) => a - b)).toEqual([16_384, 65_536]);
});
