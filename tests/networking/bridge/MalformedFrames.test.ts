/**
 * What no WebSocket library sends. Each is answered with the close code that fits, and the session
 * beside it does not notice.
 */
import { describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Frame, Opcode, RawWebSocket } from "./RawWebSocket.ts";
import type { TestBridge } from "./UseBridge.ts";
import { MwxClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const none = new Uint8Array(0);
const { TEXT, BINARY, CONTINUATION, CLOSE, PING } = Opcode;

async function raw(bridge: TestBridge, protocol = ""): Promise<RawWebSocket> {
  const webSocket = new RawWebSocket(bridge.Server.Port(), protocol);
  network.Ending(() => webSocket.Socket.destroy());
  await webSocket.WaitOpen();
  return webSocket;
}

const malformed: readonly (readonly [string, Buffer, number])[] = [
  ["a frame without a mask", Frame(BINARY, none, { Masked: false }), 1002],
  ["an opcode that is none", Frame(3, none), 1002],
  ["a control opcode that is none", Frame(11, none), 1002],
  ["RSV1, which nobody agreed on", Frame(BINARY, none, { Reserved: 4 }), 1002],
  ["RSV3, which nobody agreed on", Frame(BINARY, none, { Reserved: 1 }), 1002],
  ["a ping in fragments", Frame(PING, none, { Fin: false }), 1002],
  ["a ping of 126 bytes", Frame(PING, new Uint8Array(126)), 1002],
  ["a continuation of nothing", Frame(CONTINUATION, none), 1002],
  [
    "a new message inside of another",
    Buffer.concat([Frame(BINARY, Uint8Array.of(2), { Fin: false }), Frame(BINARY, none)]),
    1002,
  ],
  ["a length beyond 2^53", Frame(BINARY, none, { Length: 2n ** 63n }), 1009],
  ["a message that is too large", Frame(BINARY, none, { Length: 1_048_577n }), 1009],
  ["text that is none", Frame(TEXT, Uint8Array.of(0xff, 0xfe)), 1007],
  ["text", Frame(TEXT, Buffer.from("hello")), 1003],
  ["a close of one byte", Frame(CLOSE, Uint8Array.of(3)), 1002],
  ["a close code that is none", Frame(CLOSE, Uint8Array.of(0, 5)), 1002],
  ["an empty message", Frame(BINARY, none), 1002],
];

describe("malformed frames", () => {
  test.each(malformed)("%s", async (_name, bytes, code) => {
    const bridge = await StartBridge(network);
    const witness = await MwxClient(bridge);
    const webSocket = await raw(bridge);
    webSocket.Send(bytes);
    await WaitFor(() => webSocket.CloseCode() !== null, "the bridge's close");
    expect(webSocket.CloseCode()).toBe(code);
    webSocket.Socket.end();
    witness.Send({ Type: PacketType.PING, Stream: 0, Value: 1n });
    await witness.WaitPacket(PacketType.PONG);
    expect(bridge.LogLines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    await WaitFor(() => bridge.Server.SessionCount() === 1, "the end of the session");
  });

  test("half a frame, and the connection is reset", async () => {
    const bridge = await StartBridge(network);
    const witness = await MwxClient(bridge);
    const webSocket = await raw(bridge);
    webSocket.Send(Frame(BINARY, new Uint8Array(10), { Length: 100n }));
    webSocket.Socket.resetAndDestroy();
    await WaitFor(() => bridge.Server.SessionCount() === 1, "the end of the session");
    expect(witness.Closed).toBeNull();
  });
});

describe("fragments", () => {
  const ping = EncodePacket({ Type: PacketType.PING, Stream: 0, Value: 7n });

  /** A message of 13 bytes in so many fragments, most of them empty. */
  function inFragments(count: number): Buffer {
    const frames = Array.from({ length: count }, (_, i) => {
      const [first, last] = [i === 0, i === count - 1];
      const payload = last ? ping.subarray(1) : first ? ping.subarray(0, 1) : none;
      return Frame(first ? BINARY : CONTINUATION, payload, { Fin: last });
    });
    return Buffer.concat(frames);
  }

  test.each([
    [2, null],
    [BridgeLimits.maxFragments - 1, null],
    [BridgeLimits.maxFragments, null],
    [BridgeLimits.maxFragments + 1, 1008],
  ])("a message in %i fragments: %s", async (count, code) => {
    const bridge = await StartBridge(network);
    const webSocket = await raw(bridge);
    webSocket.Send(inFragments(count), Frame(PING, none));
    const over = () => webSocket.Frames().some(({ Opcode: op }) => op === CLOSE || op === 10);
    await WaitFor(over, "a pong or a close");
    expect(webSocket.CloseCode()).toBe(code);
  });
});
