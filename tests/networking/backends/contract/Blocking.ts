/** Contract: `BlockingTimeout`. It waits where the backend can, and does nothing where it cannot. */
import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { ExpectBytes, Pattern, ReadAll, Succeed, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, BUSY, TIMED_OUT, FILE_EOF } = SocketError;

function valueCases(scene: Scene): void {
  test("is 0 at first, and takes 0 to Infinity", () => {
    const stream = scene.Stream();
    expect(stream.BlockingTimeout).toBe(0);
    for (const timeoutMs of [1, 1_000, Infinity, 0]) {
      stream.BlockingTimeout = timeoutMs;
      expect(stream.BlockingTimeout).toBe(timeoutMs);
    }
  });

  test.each([-1, NaN, "1" as never])("of %s throws", (timeoutMs) => {
    const stream = scene.Stream();
    expect(() => (stream.BlockingTimeout = timeoutMs)).toThrow(TypeError);
    expect(stream.BlockingTimeout).toBe(0);
  });
}

/** For backends that cannot wait. */
export function NoBlockingCases(scene: Scene): void {
  valueCases(scene);

  test("has no effect: calls answer at once", async () => {
    const { Stream, Far } = await scene.Pair(smallRings);
    Stream.BlockingTimeout = Infinity;
    expect(Stream.GetData(new Uint8Array(4))).toBe(BUSY);
    expect(Stream.GetU32()).toBeNull();
    expect(Stream.PutData(Pattern(small))).toBe(SUCCESS);
    expect(Stream.PutData(Pattern(small))).toBe(BUSY);
    expect(Stream.PutData(Pattern(small + 1))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
    await scene.UntilHeard(Far, small);
  });

  test("the backend looks once, and does not wait", () => {
    const { Backend } = scene.Harness;
    let looks = 0;
    const look = (): boolean => ++looks === 2;
    expect(Backend.Block(look, Infinity)).toBe(false);
    expect(Backend.Block(look, Infinity)).toBe(true);
    expect(looks).toBe(2);
  });
}

export function BlockingCases(scene: Scene): void {
  valueCases(scene);

  /** Both ends are near, as the far one of a plain pair sleeps while this thread waits. */
  async function nearPair(options = {}): Promise<[StreamPeerTCP, StreamPeerTCP]> {
    const server = await scene.Listening(8, options);
    const client = scene.Stream(options);
    Succeed(client.ConnectToHost("127.0.0.1", server.GetLocalPort()));
    const taken = await scene.Take(server);
    await scene.UntilStatus(client, Status.STATUS_CONNECTED);
    return [client, taken];
  }

  test.each([1, 100, small])("lets GetData wait for %d bytes", async (count) => {
    const [client, taken] = await nearPair(smallRings);
    client.BlockingTimeout = 5_000;
    Succeed(taken.PutData(Pattern(count)));
    const buffer = new Uint8Array(count);
    expect(client.GetData(buffer)).toBe(SUCCESS);
    ExpectBytes(buffer, Pattern(count));
  });

  test("lets typed getters wait, and Infinity is a time", async () => {
    const [client, taken] = await nearPair();
    client.BlockingTimeout = Infinity;
    Succeed(taken.PutU32(123_456));
    Succeed(taken.PutUtf8String("waited for"));
    expect(client.GetU32()).toBe(123_456);
    expect(client.GetUtf8String()).toBe("waited for");
  });

  test.each([1, 40])("of %d ms gives TIMED_OUT, with nothing consumed", async (timeoutMs) => {
    const { Stream, Far } = await scene.Pair();
    Far.Send(Pattern(3));
    await scene.UntilAvailable(Stream, 3);
    Stream.BlockingTimeout = timeoutMs;
    const from = scene.Harness.Backend.Now();
    expect(Stream.GetData(new Uint8Array(4))).toBe(TIMED_OUT);
    expect(scene.Harness.Backend.Now() - from).toBeGreaterThanOrEqual(timeoutMs - 1);
    expect(Stream.GetU32()).toBeNull();
    expect(Stream.GetLastError()).toBe(TIMED_OUT);
    ExpectBytes(ReadAll(Stream), Pattern(3));
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  });

  test("does not wait for what is there, nor for partial calls", async () => {
    const { Stream, Far } = await scene.Pair();
    Far.Send(Pattern(3));
    await scene.UntilAvailable(Stream, 3);
    Stream.BlockingTimeout = Infinity;
    expect(Stream.GetData(new Uint8Array(3))).toBe(SUCCESS);
    expect(Stream.GetPartialData(new Uint8Array(3)).Received).toBe(0);
    expect(Stream.GetData(new Uint8Array(0))).toBe(SUCCESS);
    expect(Stream.PutPartialData(new Uint8Array(0)).BytesSent).toBe(0);
  });

  test("ends early with FILE_EOF when the peer finishes", async () => {
    const [client, taken] = await nearPair();
    client.BlockingTimeout = Infinity;
    Succeed(taken.PutData(Pattern(3)));
    taken.Shutdown();
    expect(client.GetData(new Uint8Array(4))).toBe(FILE_EOF);
    ExpectBytes(ReadAll(client), Pattern(3));
  });

  test("ends early when the peer resets", async () => {
    const [client, taken] = await nearPair();
    client.BlockingTimeout = Infinity;
    taken.Abort();
    expect(client.GetData(new Uint8Array(4))).toBe(SocketError.FAILED);
    expect(client.GetStatus()).toBe(Status.STATUS_ERROR);
    expect(client.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  });

  test.each([small + 1, 10 * small, 20_000])(
    "lets PutData of %d bytes through a buffer of 256",
    async (count) => {
      const { Stream, Far } = await scene.Pair(smallRings);
      Stream.BlockingTimeout = 5_000;
      expect(Stream.PutData(Pattern(count))).toBe(SUCCESS);
      await scene.UntilHeard(Far, count);
      ExpectBytes(Far.Received(), Pattern(count));
    },
  );

  test("gives TIMED_OUT for a put without room, with nothing taken", async () => {
    const { Stream, Far } = await scene.Pair({}, false);
    const filled = await scene.Fill(Stream);
    Stream.BlockingTimeout = 20;
    expect(Stream.PutData(Pattern(1_000))).toBe(TIMED_OUT);
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    Stream.BlockingTimeout = 0;
    Far.Read();
    await scene.UntilHeard(Far, filled);
    Succeed(Stream.PutU8(200));
    await scene.UntilHeard(Far, filled + 1);
    expect(Far.Received().at(-1)).toBe(200);
  });

  test("ends the stream when a large put stops in the middle", async () => {
    const { Stream, Far } = await scene.Pair({}, false);
    Stream.BlockingTimeout = 60;
    expect(Stream.PutData(new Uint8Array(32 * 1_048_576))).toBe(TIMED_OUT);
    expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
    expect(Stream.GetLastError()).toBe(TIMED_OUT);
    expect(Stream.GetCloseReason()).toBe(CloseReason.TIMEOUT);
    Far.Read();
    await scene.Until(() => Far.WasReset(), "the reset");
  });

  test("does not make a put wait after Shutdown", async () => {
    const { Stream } = await scene.Pair({}, false);
    await scene.Fill(Stream);
    Stream.Shutdown();
    Stream.BlockingTimeout = Infinity;
    expect(Stream.PutData(Pattern(10))).toBe(SocketError.FAILED);
  });
}
