/** Contract: the promise forms, for scripts outside a game loop. */
import { expect, test } from "vitest";
import { Limits } from "../../../../networking/core/Limits.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { ExpectBytes, Pattern, Succeed, small, smallRings } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const { SUCCESS, FAILED, FILE_EOF, TIMED_OUT, LIMIT_REACHED } = SocketError;
const { STATUS_NONE, STATUS_CONNECTED, STATUS_ERROR } = Status;

export function GettingLaterCases(scene: Scene): void {
  test.each([0, 1, small - 1, small, small + 1, 20_000])("of %d bytes", async (count) => {
    const { Stream, Far } = await scene.Pair(smallRings);
    const waiting = Stream.GetDataAsync(count);
    Far.Send(Pattern(count));
    const { Result, Data } = await scene.Answer(waiting);
    expect(Result).toBe(SUCCESS);
    ExpectBytes(Data, Pattern(count));
  });

  test("serves two in the order of the calls", async () => {
    const { Stream, Far } = await scene.Pair();
    const [first, second] = [Stream.GetDataAsync(10), Stream.GetDataAsync(5)];
    Far.Send(Pattern(15));
    ExpectBytes((await scene.Answer(second)).Data, Pattern(5, 10));
    ExpectBytes((await scene.Answer(first)).Data, Pattern(10));
  });

  test("gives what came before the peer's FIN, with FILE_EOF", async () => {
    const { Stream, Far } = await scene.Pair();
    const waiting = Stream.GetDataAsync(10);
    Far.Send(Pattern(7));
    Far.Finish();
    const { Result, Data } = await scene.Answer(waiting);
    expect(Result).toBe(FILE_EOF);
    ExpectBytes(Data, Pattern(7));
  });

  const ends: [string, (stream: StreamPeerTCP, reset: () => void) => void][] = [
    ["the peer's reset", (_stream, reset) => reset()],
    ["our disconnect", (stream) => stream.DisconnectFromHost()],
    ["our abort", (stream) => stream.Abort()],
  ];
  test.each(ends)("is FAILED after %s", async (_name, end) => {
    const { Stream, Far } = await scene.Pair();
    const [one, two] = [Stream.GetDataAsync(1), Stream.GetDataAsync(2)];
    end(Stream, () => Far.Reset());
    expect((await scene.Answer(one)).Result).toBe(FAILED);
    expect((await scene.Answer(two)).Result).toBe(FAILED);
  });

  test("on a stream without a connection is FAILED at once", async () => {
    const { Result, Data } = await scene.Answer(scene.Stream().GetDataAsync(1));
    expect(Result).toBe(FAILED);
    expect(Data).toHaveLength(0);
  });

  test.each([-1, 1.5, NaN, 2 ** 28 + 1])("of %d throws", (count) => {
    expect(() => scene.Stream().GetDataAsync(count)).toThrow(TypeError);
  });

  test("one more than may wait is LIMIT_REACHED", async () => {
    const { Stream, Far } = await scene.Pair();
    const waiting = Array.from({ length: Limits.maxWaiters }, () => Stream.GetDataAsync(1));
    expect((await scene.Answer(Stream.GetDataAsync(1))).Result).toBe(LIMIT_REACHED);
    Far.Send(Pattern(Limits.maxWaiters));
    const all = await scene.Answer(Promise.all(waiting));
    expect(all.every(({ Result, Data }, i) => Result === SUCCESS && Data[0] === i % 251)).toBe(
      true,
    );
  });
}

export function PuttingLaterCases(scene: Scene): void {
  test.each([0, 1, small, small + 1, 20_000])("of %d bytes", async (count) => {
    const { Stream, Far } = await scene.Pair(smallRings);
    expect(await scene.Answer(Stream.PutDataAsync(Pattern(count)))).toBe(SUCCESS);
    await scene.UntilHeard(Far, count);
    ExpectBytes(Far.Received(), Pattern(count));
  });

  test("serves two in the order of the calls", async () => {
    const { Stream, Far } = await scene.Pair(smallRings);
    const puts = [Stream.PutDataAsync(Pattern(2_000)), Stream.PutDataAsync(Pattern(300, 2_000))];
    expect(await scene.Answer(Promise.all(puts))).toEqual([SUCCESS, SUCCESS]);
    await scene.UntilHeard(Far, 2_300);
    ExpectBytes(Far.Received(), Pattern(2_300));
  });

  test("goes on when the peer half closes", async () => {
    const { Stream, Far } = await scene.Pair({ OutboundBufferSize: 65_536 }, false);
    const filled = await scene.Fill(Stream);
    const waiting = Stream.PutDataAsync(Pattern(2_000_000));
    Far.Finish();
    // A system that finds room for all of it after all lets the stream end meanwhile.
    await scene.Until(() => {
      Stream.Poll();
      return Stream.IsPeerFinished() || Stream.GetStatus() === STATUS_NONE;
    }, "FIN");
    Far.Read();
    expect(await scene.Answer(waiting)).toBe(SUCCESS);
    await scene.UntilHeard(Far, filled + 2_000_000);
  });

  test.each(["reset", "disconnect"])("is FAILED after a %s in the middle", async (how) => {
    const { Stream, Far } = await scene.Pair({}, false);
    await scene.Fill(Stream);
    const waiting = Stream.PutDataAsync(Pattern(100_000));
    if (how === "reset") Far.Reset();
    else Stream.Abort();
    expect(await scene.Answer(waiting)).toBe(FAILED);
  });

  test("after Shutdown is FAILED", async () => {
    const { Stream } = await scene.Pair();
    Stream.Shutdown();
    expect(await scene.Answer(Stream.PutDataAsync(Pattern(1)))).toBe(FAILED);
  });
}

export function StatusLaterCases(scene: Scene): void {
  test("gives SUCCESS when the stream has it, or gets it", async () => {
    const server = await scene.FarServer();
    const stream = scene.Stream();
    expect(await scene.Answer(stream.WaitStatus(STATUS_NONE, 0))).toBe(SUCCESS);
    Succeed(stream.ConnectToHost("127.0.0.1", server.Port));
    expect(await scene.Answer(stream.WaitStatus(STATUS_CONNECTED, 5_000))).toBe(SUCCESS);
    const waiting = stream.WaitStatus(STATUS_NONE, Infinity);
    (await scene.Peer(server)).Finish();
    expect(await scene.Answer(waiting)).toBe(SUCCESS);
  });

  test("gives FAILED when the stream ends another way", async () => {
    const stream = scene.Stream();
    stream.ConnectToHost("127.0.0.1", await scene.DeadPort());
    expect(await scene.Answer(stream.WaitStatus(STATUS_CONNECTED, 5_000))).toBe(FAILED);
    expect(await scene.Answer(stream.WaitStatus(STATUS_ERROR, 0))).toBe(SUCCESS);
  });

  test.each([0, 1, 30])("gives TIMED_OUT after %d ms", async (timeoutMs) => {
    const { Stream } = await scene.Pair();
    const { Backend } = scene.Harness;
    const from = Backend.Now();
    expect(await scene.Answer(Stream.WaitStatus(STATUS_ERROR, timeoutMs))).toBe(TIMED_OUT);
    expect(Backend.Now() - from).toBeGreaterThanOrEqual(timeoutMs - 2);
    expect(Stream.GetStatus()).toBe(STATUS_CONNECTED);
  });

  test.each([-1, NaN])("with a time of %d throws", (timeoutMs) => {
    expect(() => scene.Stream().WaitStatus(STATUS_ERROR, timeoutMs)).toThrow(TypeError);
  });
}
