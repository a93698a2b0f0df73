/** Contract: our own end. A half close still reads, a disconnect still sends, an abort does neither. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { Collector, ExpectBytes, Pattern, ReadAll, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, FAILED } = SocketError;
const sizes = [0, 1, small - 1, small];

export function LeavingCases(scene: Scene): void {
  describe("Shutdown", () => {
    test.each(sizes)("sends %d bytes, then FIN, and still reads", async (size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Stream.PutData(Pattern(size));
      expect(Stream.Shutdown()).toBe(SUCCESS);
      expect(Stream.Shutdown()).toBe(SUCCESS);
      expect(Stream.PutData(new Uint8Array(1))).toBe(FAILED);
      expect(Stream.PutPartialData(new Uint8Array(1)).Result).toBe(FAILED);
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(size));
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
      Far.Send(Pattern(5_000));
      const heard = new Collector(Stream);
      await scene.Until(() => heard.Has(5_000), "the answer");
      ExpectBytes(heard.Bytes, Pattern(5_000));
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
      Far.Finish();
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
    });

    test("after the peer's FIN ends in order", async () => {
      const { Stream, Far } = await scene.Pair();
      Far.Send(Pattern(10));
      Far.Finish();
      await scene.Until(() => Stream.Poll() === SUCCESS && Stream.IsPeerFinished(), "FIN");
      expect(Stream.PutData(Pattern(1_000))).toBe(SUCCESS);
      expect(Stream.Shutdown()).toBe(SUCCESS);
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(1_000));
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
      ExpectBytes(ReadAll(Stream), Pattern(10));
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
    });

    test("from both ends at once ends in order, with nothing lost", async () => {
      const { Stream, Far } = await scene.Pair();
      Stream.PutData(Pattern(700));
      Far.Send(Pattern(900));
      Stream.Shutdown();
      Far.Finish();
      const heard = new Collector(Stream);
      await scene.Until(() => heard.Has(900), "its bytes");
      ExpectBytes(heard.Bytes, Pattern(900));
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(700));
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
    });

    test("lets the peer's half-closed side still be written to, at length", async () => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: 4_096 });
      Far.Send(Pattern(1));
      Far.Finish();
      await scene.UntilAvailable(Stream, 1);
      const bytes = Pattern(200_000);
      let sent = 0;
      await scene.Until(() => {
        sent += Stream.PutPartialData(bytes.subarray(sent)).BytesSent;
        return sent === bytes.length;
      }, "all bytes to be taken");
      await scene.UntilHeard(Far, bytes.length);
      ExpectBytes(Far.Received(), bytes);
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    });
  });

  describe("DisconnectFromHost", () => {
    test.each(sizes)("sends %d accepted bytes, then FIN; NONE at once", async (size) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      expect(Stream.PutData(Pattern(size))).toBe(SUCCESS);
      Stream.DisconnectFromHost();
      expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.LOCAL);
      expect(Stream.GetOutboundBytes()).toBe(0);
      expect(Stream.GetConnectedPort()).toBe(0);
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(size));
      expect(Far.WasReset()).toBe(false);
    });

    test("waits for a slow peer to take what was accepted", async () => {
      const { Stream, Far } = await scene.Pair({ OutboundBufferSize: 65_536 }, false);
      const sent = await scene.Fill(Stream);
      Stream.DisconnectFromHost();
      expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
      Far.Read();
      await scene.Until(() => Far.IsFinished(), "our FIN");
      expect(Far.ReceivedCount()).toBe(sent);
      expect(Far.WasReset()).toBe(false);
    });

    test("loses nothing of ours when the peer's bytes are unread, or still come", async () => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(100_000));
      await scene.UntilAvailable(Stream, small);
      Stream.PutData(Pattern(200));
      Stream.DisconnectFromHost();
      expect(Stream.GetAvailableBytes()).toBe(0);
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(200));
      expect(Far.WasReset()).toBe(false);
      Far.Finish();
    });

    test("after Shutdown is quiet", async () => {
      const { Stream, Far } = await scene.Pair();
      Stream.PutData(Pattern(50));
      Stream.Shutdown();
      Stream.DisconnectFromHost();
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(50));
      expect(Far.WasReset()).toBe(false);
    });

    test("twice is as good as once", async () => {
      const { Stream, Far } = await scene.Pair();
      Stream.PutData(Pattern(50));
      Stream.DisconnectFromHost();
      Stream.DisconnectFromHost();
      Stream.Abort();
      await scene.Until(() => Far.IsFinished(), "our FIN");
      ExpectBytes(Far.Received(), Pattern(50));
    });
  });

  describe("Abort", () => {
    test.each([0, 1, small])("resets with %d bytes unread; NONE at once", async (unread) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(unread));
      await scene.UntilAvailable(Stream, unread);
      Stream.Abort();
      expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.LOCAL);
      expect(Stream.GetAvailableBytes()).toBe(0);
      await scene.Until(() => Far.WasReset(), "the reset");
    });

    test("drops what waits to be sent", async () => {
      const { Stream, Far } = await scene.Pair({}, false);
      await scene.Fill(Stream);
      Stream.Abort();
      expect(Stream.GetOutboundBytes()).toBe(0);
      Far.Read();
      await scene.Until(() => Far.WasReset(), "the reset");
      expect(Far.IsFinished()).toBe(false);
    });

    test("after Shutdown still resets", async () => {
      const { Stream, Far } = await scene.Pair();
      Stream.Shutdown();
      await scene.Until(() => Far.IsFinished(), "our FIN");
      Stream.Abort();
      await scene.Until(() => {
        Far.Send(Pattern(1));
        return Far.WasReset();
      }, "the reset");
    });
  });
}
