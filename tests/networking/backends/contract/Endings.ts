/** Contract: the peer's end. FIN gives NONE when all is read; a reset gives ERROR, whoever sees it. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { Collector, ExpectBytes, Pattern, ReadAll, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, FAILED, FILE_EOF, OUT_OF_BUFFER_MEMORY } = SocketError;

/** Bytes unread at the end, bytes wanted, the answer. */
const reads: [number, number, SocketError][] = [
  [1, 1, SUCCESS],
  [1, 2, FILE_EOF],
  [small - 1, small, FILE_EOF],
  [small, small, SUCCESS],
  [small, 0, SUCCESS],
  [small, small + 1, OUT_OF_BUFFER_MEMORY],
];

/** Who notices a reset, and how it looks there. */
const looks: [string, (stream: StreamPeerTCP) => boolean][] = [
  ["GetStatus", (stream) => stream.GetStatus() === Status.STATUS_ERROR],
  ["Poll", (stream) => stream.Poll() === SocketError.CONNECTION_RESET],
  ["PutData", (stream) => stream.PutData(Uint8Array.of(1)) === FAILED],
  ["PutPartialData", (stream) => stream.PutPartialData(Uint8Array.of(1)).Result === FAILED],
  ["GetData", (stream) => [FILE_EOF, FAILED].some((c) => c === stream.GetData(new Uint8Array(9)))],
  ["GetU64", (stream) => stream.GetU64() === null && stream.GetLastError() !== SocketError.BUSY],
];

export function EndingCases(scene: Scene): void {
  describe("the peer's FIN", () => {
    test.each([0, 1, small - 1, small])("with %d bytes unread: CONNECTED until read", async (n) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(n));
      Far.Finish();
      await scene.UntilAvailable(Stream, n);
      if (n > 0) {
        await scene.Until(() => Stream.Poll() === SUCCESS && Stream.IsPeerFinished(), "FIN");
        expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
        expect(Stream.GetCloseReason()).toBe(CloseReason.NONE);
        ExpectBytes(ReadAll(Stream), Pattern(n));
      }
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
      expect(Stream.GetLastError()).toBe(SUCCESS);
      expect(Stream.Poll()).toBe(SUCCESS);
      expect(Stream.GetData(new Uint8Array(1))).toBe(FAILED);
      expect(Stream.PutData(new Uint8Array(1))).toBe(FAILED);
      await scene.Until(() => Far.IsFinished(), "our FIN in answer");
    });

    test.each(reads)("with %d unread, %d wanted: code %d", async (count, wanted, code) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(count));
      Far.Finish();
      await scene.Until(() => Stream.Poll() === SUCCESS && Stream.IsPeerFinished(), "FIN");
      expect(Stream.GetData(new Uint8Array(wanted))).toBe(code);
      const taken = code === SUCCESS ? wanted : 0;
      ExpectBytes(ReadAll(Stream), Pattern(count - taken, taken));
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
    });

    test("behind more bytes than the buffer holds: none is lost", async () => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(10_000));
      Far.Finish();
      const heard = new Collector(Stream);
      await scene.Until(() => heard.Has(10_000), "all bytes");
      ExpectBytes(heard.Bytes, Pattern(10_000));
      await scene.UntilStatus(Stream, Status.STATUS_NONE);
      expect(Stream.GetCloseReason()).toBe(CloseReason.PEER);
    });

    test("holds the status still in the run that reads the last byte", async () => {
      const { Stream, Far } = await scene.Pair();
      Far.Send(Pattern(3));
      Far.Finish();
      await scene.Until(() => Stream.Poll() === SUCCESS && Stream.IsPeerFinished(), "FIN");
      ReadAll(Stream);
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
      expect(Stream.PutData(Pattern(500))).toBe(SUCCESS);
      await scene.NewRun();
      expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
      await scene.Until(() => Far.IsFinished(), "the answer and our FIN");
      ExpectBytes(Far.Received(), Pattern(500));
    });
  });

  describe("the peer's reset is ERROR", () => {
    const cases = looks.flatMap(([name, sees]) =>
      [0, 4].map((unread): [string, number, typeof sees] => [name, unread, sees]),
    );
    test.each(cases)("seen by %s, with %d bytes unread", async (name, unread, sees) => {
      const { Stream, Far } = await scene.Pair();
      Far.Send(Pattern(unread));
      await scene.UntilAvailable(Stream, unread);
      Far.Reset();
      await scene.Until(() => sees(Stream), `the reset, by ${name}`);
      expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
      expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
      expect(Stream.GetCloseReason()).toBe(CloseReason.RESET);
      expect(Stream.GetConnectedPort()).toBe(0);
      ExpectBytes(ReadAll(Stream), Pattern(unread));
      expect(Stream.GetPartialData(new Uint8Array(1)).Result).toBe(FAILED);
      expect(Stream.PutData(new Uint8Array(1))).toBe(FAILED);
      Stream.DisconnectFromHost();
      expect(Stream.GetStatus()).toBe(Status.STATUS_NONE);
    });

    test("right behind its bytes", async () => {
      const { Stream, Far } = await scene.Pair();
      Far.Send(Pattern(100));
      Far.Reset();
      await scene.UntilStatus(Stream, Status.STATUS_ERROR);
      expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
      expect(Stream.GetCloseReason()).toBe(CloseReason.RESET);
    });

    test("while our bytes wait for it", async () => {
      const { Stream, Far } = await scene.Pair({}, false);
      await scene.Fill(Stream);
      Far.Reset();
      await scene.UntilStatus(Stream, Status.STATUS_ERROR);
      expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
      expect(Stream.PutPartialData(Pattern(1))).toEqual({ Result: FAILED, BytesSent: 0 });
    });

    test("while our buffer is full of its bytes", async () => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Far.Send(Pattern(small));
      await scene.UntilAvailable(Stream, small);
      Far.Reset();
      await scene.UntilStatus(Stream, Status.STATUS_ERROR);
      expect(Stream.GetCloseReason()).toBe(CloseReason.RESET);
      ExpectBytes(ReadAll(Stream), Pattern(small));
    });

    test("after its FIN, at our next writes", async () => {
      const { Stream, Far } = await scene.Pair();
      Far.Send(Pattern(4));
      Far.Finish();
      await scene.Until(() => Stream.Poll() === SUCCESS && Stream.IsPeerFinished(), "FIN");
      Far.Reset();
      await scene.Until(() => Stream.PutData(Pattern(1)) === FAILED, "the reset");
      expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
      expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
      expect(Stream.GetCloseReason()).toBe(CloseReason.RESET);
      ExpectBytes(ReadAll(Stream), Pattern(4));
    });

    test("after our half close", async () => {
      const { Stream, Far } = await scene.Pair();
      Stream.Shutdown();
      await scene.Until(() => Far.IsFinished(), "our FIN");
      Far.Reset();
      await scene.UntilStatus(Stream, Status.STATUS_ERROR);
      expect(Stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
    });

    test("and a stream beside it goes on", async () => {
      const [hurt, well] = [await scene.Pair(), await scene.Pair()];
      hurt.Far.Reset();
      await scene.UntilStatus(hurt.Stream, Status.STATUS_ERROR);
      well.Far.Send(Pattern(5));
      await scene.UntilAvailable(well.Stream, 5);
      expect(well.Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    });
  });
}
