/** Contract: PacketPeerStream over the stream. Packets keep their borders, whatever the network does. */
import { describe, expect, test } from "vitest";
import { PacketPeerStream } from "../../../../networking/core/PacketPeerStream.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { ExpectBytes, Join, Pattern, Succeed, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, BUSY, UNAVAILABLE, INVALID_PARAMETER, OUT_OF_BUFFER_MEMORY } = SocketError;
const largest = 65_532;

function over(stream: StreamPeerTCP): PacketPeerStream {
  const peer = new PacketPeerStream();
  peer.StreamPeer = stream;
  return peer;
}

function frame(payload: Uint8Array, announced = payload.length): Uint8Array {
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, announced, true);
  return Join([header, payload]);
}

export function PacketCases(scene: Scene): void {
  const sizes = [1, small - 5, small - 4, small - 3, small, 5_000, largest - 1, largest];

  describe("a packet", () => {
    test.each(sizes)("of %d bytes goes out through a buffer of 256", async (size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      const peer = over(Stream);
      expect(peer.PutPacket(Pattern(size))).toBe(SUCCESS);
      await scene.Until(() => peer.Flush() === SUCCESS, "all of it to be taken");
      await scene.UntilHeard(Far, 4 + size);
      ExpectBytes(Far.Received(), frame(Pattern(size)));
    });

    test.each(sizes)("of %d bytes comes in through a buffer of 256", async (size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      const peer = over(Stream);
      Far.Send(frame(Pattern(size)));
      await scene.Until(() => peer.GetAvailablePacketCount() === 1, "the packet");
      ExpectBytes(peer.GetPacket()!, Pattern(size));
      expect(peer.GetPacketError()).toBe(SUCCESS);
      expect(peer.GetPacket()).toBeNull();
    });

    test.each([
      [0, INVALID_PARAMETER],
      [largest + 1, OUT_OF_BUFFER_MEMORY],
    ])("of %d bytes is refused with code %d, and harms nothing", async (size, code) => {
      const { Stream, Far } = await scene.Pair();
      const peer = over(Stream);
      expect(peer.PutPacket(new Uint8Array(size))).toBe(code);
      Succeed(peer.PutPacket(Uint8Array.of(7)));
      await scene.UntilHeard(Far, 5);
      ExpectBytes(Far.Received(), Uint8Array.of(1, 0, 0, 0, 7));
    });

    test("that is not there is null and UNAVAILABLE", async () => {
      const { Stream } = await scene.Pair();
      const peer = over(Stream);
      expect(peer.GetAvailablePacketCount()).toBe(0);
      expect(peer.GetPacket()).toBeNull();
      expect(peer.GetPacketError()).toBe(UNAVAILABLE);
    });

    test("that comes byte by byte is there with its last byte", async () => {
      const { Stream, Far } = await scene.Pair();
      const peer = over(Stream);
      for (const byte of frame(Pattern(6))) {
        expect(peer.GetAvailablePacketCount()).toBe(0);
        Far.Send(Uint8Array.of(byte));
        await scene.NewRun();
      }
      await scene.Until(() => peer.GetAvailablePacketCount() === 1, "the packet");
      ExpectBytes(peer.GetPacket()!, Pattern(6));
    });

    test("before the peer's FIN is still there after it", async () => {
      const { Stream, Far } = await scene.Pair();
      const peer = over(Stream);
      Far.Send(Join([frame(Pattern(3)), frame(Pattern(4))]));
      Far.Finish();
      await scene.Until(() => Stream.Poll() === SUCCESS && Stream.IsPeerFinished(), "FIN");
      expect(peer.GetAvailablePacketCount()).toBe(2);
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
      ExpectBytes(peer.GetPacket()!, Pattern(3));
      ExpectBytes(peer.GetPacket()!, Pattern(4));
      expect(peer.PutPacket(Pattern(1))).toBe(SocketError.FAILED);
    });

    test.each([largest + 1, 2 ** 32 - 1])(
      "announced with %d bytes ends the stream",
      async (length) => {
        const { Stream, Far } = await scene.Pair();
        const peer = over(Stream);
        Far.Send(frame(Pattern(10), length));
        await scene.Until(() => {
          return peer.GetPacket() === null && peer.GetPacketError() === SocketError.PROTOCOL_ERROR;
        }, "the refusal");
        expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
        expect(Stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
        expect(Stream.GetCloseReason()).toBe(CloseReason.ERROR);
        expect(peer.PutPacket(Pattern(1))).toBe(SocketError.PROTOCOL_ERROR);
        await scene.Until(() => Far.WasReset(), "the reset");
      },
    );
  });

  describe("many packets", () => {
    test("of growing sizes come out as they went in", async () => {
      const { Stream, Far } = await scene.Pair(smallRings);
      const peer = over(Stream);
      const packets = Array.from({ length: 60 }, (_, i) => Pattern(1 + i * 11, i));
      let put = 0;
      await scene.Until(() => {
        for (; put < packets.length; put++) {
          const code = peer.PutPacket(packets[put]!);
          if (code !== SUCCESS) {
            expect(code).toBe(BUSY);
            return false;
          }
        }
        return peer.Flush() === SUCCESS;
      }, "all packets to be taken");
      const all = Join(packets.map((packet) => frame(packet)));
      await scene.UntilHeard(Far, all.length);
      ExpectBytes(Far.Received(), all);
      Far.Send(all);
      const back: Uint8Array[] = [];
      await scene.Until(() => {
        for (let packet = peer.GetPacket(); packet !== null; packet = peer.GetPacket()) {
          back.push(packet);
        }
        return back.length === packets.length;
      }, "all packets to come back");
      for (const [i, packet] of packets.entries()) ExpectBytes(back[i]!, packet);
    });

    test("that nobody takes wait within the buffer, and none is lost", async () => {
      const { Stream, Far } = await scene.Pair(smallRings);
      const peer = over(Stream);
      peer.InputBufferMaxSize = small;
      for (let i = 0; i < 100; i++) Far.Send(frame(Pattern(28, i)));
      await scene.Until(() => peer.GetAvailablePacketCount() === small / 32, "a full buffer");
      await scene.NewRun();
      expect(peer.GetAvailablePacketCount()).toBe(small / 32);
      for (let i = 0; i < 100; i++) {
        await scene.Until(() => peer.GetAvailablePacketCount() > 0, `packet ${i}`);
        ExpectBytes(peer.GetPacket()!, Pattern(28, i));
      }
    });

    test("on a full stream are BUSY, and none is cut", async () => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: 65_536 }, false);
      const peer = over(Stream);
      let taken = 0;
      await scene.UntilStill(() => {
        const before = taken;
        while (peer.PutPacket(Pattern(996, taken)) === SUCCESS) taken++;
        return taken > before;
      }, "a full stream");
      expect(peer.PutPacket(Pattern(996))).toBe(BUSY);
      Far.Read();
      await scene.UntilHeard(Far, taken * 1_000);
      const heard = Far.Received();
      expect(heard.length).toBe(taken * 1_000);
      for (const i of [0, taken - 1]) {
        ExpectBytes(heard.subarray(i * 1_000, (i + 1) * 1_000), frame(Pattern(996, i)));
      }
    });
  });
}
