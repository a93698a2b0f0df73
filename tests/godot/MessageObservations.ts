/** Differences in typed values, text, variants and packets; see Differences.ts. */
import { EncodeVariant } from "../../networking/core/EncodeVariant.ts";
import { PacketPeerStream } from "../../networking/core/PacketPeerStream.ts";
import { SocketErrorName } from "../../networking/core/SocketError.ts";
import { StatusName } from "../../networking/core/Status.ts";
import { StreamPeerBuffer } from "../../networking/core/StreamPeerBuffer.ts";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import type { Variant } from "../../networking/core/Variant.ts";
import { VariantFormat, VariantType } from "../../networking/core/Variant.ts";
import { Succeed, WaitAvailable } from "../Support/Network.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import { Frames } from "./Frames.ts";
import type { GodotProgram } from "./GodotProgram.ts";
import type { GodotStage } from "./GodotStage.ts";
import type { Observation } from "./Observation.ts";
import { Alone, MeetDifference, Result } from "./Observation.ts";
import { SystemSocket } from "./SystemSocket.ts";

export const BeyondAscii: Observation = {
  Godot: Alone("beyond_ascii"),
  Moonwire() {
    const buffer = new StreamPeerBuffer();
    Succeed(buffer.PutString("añ€😀b"));
    return Buffer.from(buffer.GetDataArray()).toString("hex");
  },
};

export const LongString: Observation = {
  Godot: Alone("long_string"),
  Moonwire() {
    const buffer = new StreamPeerBuffer();
    Succeed(buffer.PutUtf8String("a".repeat(65_537)));
    buffer.Seek(0);
    const text = buffer.GetUtf8String();
    return `${text}, ${SocketErrorName(buffer.GetLastError())}`;
  },
};

export const Unsigned: Observation = {
  Godot: Alone("unsigned"),
  Moonwire() {
    const buffer = new StreamPeerBuffer();
    Succeed(buffer.Put64(-1n));
    buffer.Seek(0);
    return String(buffer.GetU64());
  },
};

export const WholeFloat: Observation = {
  Godot: Alone("whole_float"),
  Moonwire() {
    const [type] = EncodeVariant(2.0, VariantFormat.GODOT_3);
    return type === VariantType.INT ? "int" : `type ${type}`;
  },
};

/** Takes the variants that Godot sends: Rect2, text, a number inside of 65 arrays. */
async function takeVariants(stage: GodotStage): Promise<[string, Variant, string]> {
  const { Godot, Moonwire } = await MeetDifference(stage, "send_variants");
  Moonwire.Variants = VariantFormat.GODOT_3;
  const rectBytes = 24;
  const textBytes = 16;
  const deepBytes = 4 + 65 * 8 + 8;
  await WaitAvailable(Moonwire, rectBytes + textBytes + deepBytes);
  const get = (): string => {
    const value = Moonwire.GetVar() === null ? "null" : "a value";
    return `${value}, ${SocketErrorName(Moonwire.GetLastError())}`;
  };
  const rect = get();
  const text = Moonwire.GetVar();
  const deep = get();
  await Godot.Cue();
  await Godot.Exit();
  return [rect, text, deep];
}

export const OtherVariants: Observation = {
  Godot: Alone("other_variants"),
  async Moonwire(stage) {
    const [rect, next] = await takeVariants(stage);
    return `${rect}; the next is ${next === "next" ? "intact" : "lost"}`;
  },
};

export const DeepVariants: Observation = {
  Godot: Alone("deep_variants"),
  Moonwire: async (stage) => (await takeVariants(stage))[2],
};

/** Sends a packet of this size, and gives the cue when all of it is at Godot's end. */
async function deliver(stream: StreamPeerTCP, godot: GodotProgram, size: number): Promise<void> {
  Succeed(await stream.PutDataAsync(Frames(size)));
  await WaitFor(() => stream.GetOutboundBytes() === 0, "a frame to go out");
  await new SystemSocket(stream).WaitArrived();
  await godot.Cue();
}

/** What a default Godot receiver says after 65,531 bytes, and after 65,532. */
async function godotTakes(stage: GodotStage): Promise<string[]> {
  const { Godot, Moonwire } = await MeetDifference(stage, "take_packets");
  await deliver(Moonwire, Godot, 65_531);
  await deliver(Moonwire, Godot, 65_532);
  return await Result<string[]>(Godot);
}

export const LargestPacket: Observation = {
  async Godot(stage) {
    const [smaller, larger] = await godotTakes(stage);
    const one = "CONNECTED, 1 packets";
    return larger === one ? "65532" : smaller === one ? "65531" : "less";
  },
  async Moonwire(stage) {
    const { Stream, Plain } = await stage.Network.Pair();
    const packets = new PacketPeerStream();
    packets.StreamPeer = Stream;
    Plain.Send(Frames(65_532));
    await WaitFor(() => packets.GetAvailablePacketCount() === 1, "the packet");
    return String(packets.GetPacket()?.length);
  },
};

export const PacketTooLarge: Observation = {
  Godot: async (stage) => (await godotTakes(stage))[1] ?? "",
  async Moonwire(stage) {
    const { Stream, Plain } = await stage.Network.Pair();
    const packets = new PacketPeerStream();
    packets.StreamPeer = Stream;
    Plain.Send(Frames(65_533));
    await WaitAvailable(Stream, 4);
    packets.GetPacket();
    return `${StatusName(Stream.GetStatus())}, ${SocketErrorName(packets.GetPacketError())}`;
  },
};

export const EmptyPacket: Observation = {
  Godot: Alone("empty_packet"),
  Moonwire() {
    const buffer = new StreamPeerBuffer();
    const packets = new PacketPeerStream();
    packets.StreamPeer = buffer;
    const code = SocketErrorName(packets.PutPacket(new Uint8Array(0)));
    return `${code}, ${buffer.GetSize() === 0 ? "nothing" : "something"} sent`;
  },
};

export const PacketBuffer: Observation = {
  Godot: Alone("packet_buffer"),
  Moonwire: () => String(new PacketPeerStream().InputBufferMaxSize),
};
