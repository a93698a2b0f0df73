/** Packets between a real Godot's PacketPeerStream and Moonwire's, both with default buffers. */
import { describe, expect, test } from "vitest";
import { PacketPeerStream } from "../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import { Succeed, WaitAvailable } from "../Support/Network.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import { Frames, Payload } from "./Frames.ts";
import type { Role } from "./GodotStage.ts";
import { Roles, UseGodot } from "./GodotStage.ts";

const stage = UseGodot();

/** The list in Packets.gd. */
const sizes = [
  [1, 2, 3, 4, 5, 255, 256, 257, 1023, 1024, 1025],
  [8192, 16383, 16384, 16385, 32767, 32768, 65530, 65531],
].flat();
const largeBytes = 300_000;
/** Neither puts an empty packet, and both take one. */
const joined = [3, 0, 1, 300];

async function meet(play: string, role: Role) {
  const { Godot, Moonwire } = await stage.Meet("Packets", play, role);
  const packets = new PacketPeerStream();
  packets.StreamPeer = Moonwire;
  return { Godot, Moonwire, Packets: packets };
}

async function put(packets: PacketPeerStream, size: number): Promise<void> {
  const data = Payload(size);
  await WaitFor(() => {
    const code = packets.PutPacket(data);
    if (code !== SocketError.BUSY) Succeed(code);
    return code === SocketError.SUCCESS;
  }, `room for ${size} bytes`);
}

/** The next packet's size; it is checked that its bytes are those of that size. */
async function next(packets: PacketPeerStream): Promise<number> {
  await WaitFor(() => packets.GetAvailablePacketCount() > 0, "a packet");
  const packet = packets.GetPacket() ?? new Uint8Array(0);
  expect(Buffer.from(packet).equals(Payload(packet.length))).toBe(true);
  return packet.length;
}

describe.each(Roles)("packets, Godot being the %s", (role) => {
  test("of every size up to Godot's largest, from Godot", async () => {
    const { Godot, Packets } = await meet("put_each", role);
    const got: number[] = [];
    while (got.length <= sizes.length) got.push(await next(Packets));
    expect(got).toEqual([...sizes, 65_532]);
    expect(await Godot.Said("largest")).toBe(0);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("of every size up to the largest that Godot takes, from Moonwire", async () => {
    const { Godot, Packets } = await meet("get_each", role);
    for (const size of sizes) await put(Packets, size);
    expect(await Godot.Said("wrong")).toEqual([]);
    await Godot.Exit();
  });

  test("larger than the stream's buffers, from Godot", async () => {
    const { Godot, Packets } = await meet("put_large", role);
    Packets.InputBufferMaxSize = 2 ** 20;
    expect(await next(Packets)).toBe(largeBytes);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("larger than the stream's buffers, from Moonwire", async () => {
    const { Godot, Packets } = await meet("get_large", role);
    Packets.OutputBufferMaxSize = 2 ** 20;
    await put(Packets, largeBytes);
    await WaitFor(() => Packets.Flush() === SocketError.SUCCESS, "the packet's tail to go out");
    expect(await Godot.Said("right")).toBe(true);
    await Godot.Exit();
  });

  test("several in one segment, from Godot", async () => {
    const { Godot, Moonwire, Packets } = await meet("put_joined", role);
    await WaitAvailable(Moonwire, Frames(...joined).length);
    expect(Packets.GetAvailablePacketCount()).toBe(joined.length);
    for (const size of joined) expect(await next(Packets)).toBe(size);
    expect(Packets.GetAvailablePacketCount()).toBe(0);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("several in one segment, from Moonwire", async () => {
    const { Godot, Moonwire } = await meet("get_joined", role);
    Succeed(Moonwire.PutData(Frames(...joined)));
    expect(await Godot.Said("count")).toBe(joined.length);
    for (const size of joined) expect(await Godot.Said(`right ${size}`)).toBe(true);
    await Godot.Exit();
  });

  test("split in the length and in the bytes, from Godot", async () => {
    const { Godot, Moonwire, Packets } = await meet("put_split", role);
    await WaitAvailable(Moonwire, 2);
    expect(Packets.GetAvailablePacketCount()).toBe(0);
    await Godot.Cue();
    await WaitAvailable(Moonwire, 102);
    expect(Packets.GetAvailablePacketCount()).toBe(0);
    await Godot.Cue();
    expect(await next(Packets)).toBe(300);
    expect(Packets.GetAvailablePacketCount()).toBe(0);
    await Godot.Cue();
    expect(await next(Packets)).toBe(1);
    await Godot.Cue();
    await Godot.Exit();
  });

  test("split in the length and in the bytes, from Moonwire", async () => {
    const { Godot, Moonwire } = await meet("get_split", role);
    const bytes = Frames(300, 1);
    const send = (from: number, to: number) => Succeed(Moonwire.PutData(bytes.subarray(from, to)));
    send(0, 2);
    expect(await Godot.Said("after 2")).toBe(0);
    send(2, 104);
    expect(await Godot.Said("after 102")).toBe(0);
    send(104, 308);
    expect(await Godot.Said("after 204")).toBe(1);
    expect(await Godot.Said("first")).toBe(true);
    send(308, 309);
    expect(await Godot.Said("after 1")).toBe(1);
    expect(await Godot.Said("second")).toBe(true);
    await Godot.Exit();
  });
});
