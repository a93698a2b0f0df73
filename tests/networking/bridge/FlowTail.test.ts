/** Nothing is lost at an end, however long a reader stalls and whichever side ends first. */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { CodeOf } from "../../../networking/mux/WispReason.ts";
import { MoonwireClient } from "../../bench/bridge/MoonwireClient.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { FlowPage } from "./FlowPage.ts";
import { Pour, Standstill, Take, WaitCount, mib } from "./FlowEnds.ts";
import { MwxClient, PlainClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const total = 60 * mib;
const stallMs = 1_500;

test("60 MiB and FIN, while a page stalls for 1.5 s: every byte, then the end", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const page = MoonwireClient(bridge.Url, target.Port);
  network.Ending(() => page.Close());
  const line = await page.Open();
  const take = new Take();
  let receivedAtEnd = -1;
  line.OnBytes = (bytes) => take.Add(bytes);
  line.OnEnd = () => (receivedAtEnd = take.Received);
  const peer = await target.Peer();
  const pour = new Pour(peer.Socket, total);
  await WaitCount(() => take.Received, mib);
  line.Pause();
  expect(await Standstill(() => pour.Taken, stallMs)).toBeLessThan(total);
  line.Resume();
  await WaitCount(() => take.Received, total);
  await WaitFor(() => receivedAtEnd >= 0, "the end of the stream");
  expect([receivedAtEnd, take.Right]).toEqual([total, true]);
  line.Close();
  await WaitFor(() => peer.Ended, "the page's end at the target");
}, 60_000);

test("the same, with a plain client whose WebSocket stalls", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const client = await PlainClient(bridge);
  client.Connect(1, target.Port);
  const pour = new Pour((await target.Peer()).Socket, total);
  await client.WaitPacket(PacketType.DATA);
  client.WebSocket.pause();
  expect(await Standstill(() => pour.Taken, stallMs)).toBeLessThan(total);
  client.WebSocket.resume();
  const ended = (): boolean => client.Packets.at(-1)?.Type === PacketType.CLOSE;
  while (!ended()) await WaitCount(() => client.Packets.length, client.Packets.length + 1);
  const take = new Take();
  for (const { Data } of client.Of(PacketType.DATA)) take.Add(Data);
  expect([take.Received, take.Right]).toEqual([total, true]);
  expect(client.Of(PacketType.CLOSE).map(({ Reason }) => CodeOf(Reason, null))).toEqual([
    SocketError.SUCCESS,
  ]);
}, 60_000);

/** More than the windows and rings on the way hold. */
const tail = 8 * mib;

test("a page that ends first still gets all that the target sends after that", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const stream = await new FlowPage(await MwxClient(bridge)).Open(target.Port, mib);
  const peer = await target.Peer();
  const take = new Take(peer.Socket);
  stream.Pour(tail);
  await WaitCount(() => take.Received, tail);
  await WaitFor(() => peer.Ended, "the page's FIN at the target");
  expect(stream.EndedWith).toBeNull();
  new Pour(peer.Socket, tail);
  await WaitCount(() => stream.Received, tail);
  await WaitFor(() => stream.EndedWith !== null, "the stream's end");
  expect([take.Right, stream.Right, stream.EndedWith]).toEqual([true, true, SocketError.SUCCESS]);
  await WaitFor(() => peer.Closed, "the connection's end");
  expect(peer.Failure).toBe("");
}, 60_000);

test("a target that ends first still gets all that the page sends after that", async () => {
  const [bridge, target] = [await StartBridge(network), await network.PlainServer()];
  const stream = await new FlowPage(await MwxClient(bridge)).Open(
    target.Port,
    MuxLimits.windowFloorBytes,
  );
  const peer = await target.Peer();
  const take = new Take(peer.Socket);
  new Pour(peer.Socket, tail);
  await WaitCount(() => stream.Received, tail);
  await WaitFor(() => stream.EndedWith !== null, "the target's FIN");
  stream.Pour(tail);
  await WaitCount(() => take.Received, tail);
  await WaitFor(() => peer.Closed && peer.Ended, "the connection's end");
  expect([take.Right, stream.Right, peer.Failure]).toEqual([true, true, ""]);
}, 60_000);

test("a page that broke the rules and never answers the close is cut off in time", async () => {
  const Limits = { closeTimeoutMs: 50 };
  const bridge = await StartBridge(network, { Dev: true, Limits });
  const client = await MwxClient(bridge);
  client.WebSocket.pause();
  client.SendData(1, "to nobody");
  await WaitFor(() => bridge.LogLines.some(({ msg }) => msg === "session closed"), "the cut");
});
