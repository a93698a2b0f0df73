import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { SharedControl } from "../../../../../networking/backends/node/SharedControl.ts";
import {
  SharedSocket,
  SocketRequest,
} from "../../../../../networking/backends/node/SharedSocket.ts";
import { Outbox } from "../../../../../networking/backends/node/thread/Outbox.ts";
import { AdoptAccepted } from "../../../../../networking/backends/node/thread/ReadBuffer.ts";
import { ThreadSocket } from "../../../../../networking/backends/node/thread/ThreadSocket.ts";
import { SocketPhase } from "../../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../../../networking/core/Status.ts";
import { Pattern } from "../../../../Support/Network.ts";
import { ConnectPlain } from "../../../../Support/PlainPeer.ts";
import type { PlainPeer } from "../../../../Support/PlainPeer.ts";
import { WaitFor } from "../../../../Support/WaitFor.ts";
import { createServer } from "node:net";

interface Line {
  readonly Shared: SharedSocket;
  readonly Thread: ThreadSocket;
  readonly Plain: PlainPeer;
  readonly Ended: number[];
}

/** A thread socket in this very thread, on a real connection to a plain peer. */
async function line(inboundBytes = 65_536, outboundBytes = 65_536): Promise<Line> {
  const server = createServer({ pauseOnConnect: true, allowHalfOpen: true });
  const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const plain = ConnectPlain(typeof address === "object" ? (address?.port ?? 0) : 0, "127.0.0.1");
  const shared = SharedSocket.Create(inboundBytes, outboundBytes);
  const ended: number[] = [];
  const outbox = new Outbox(new SharedControl(), () => undefined);
  const thread = new ThreadSocket(1, shared, outbox, (id) => ended.push(id));
  thread.Attach(AdoptAccepted(await accepted, thread));
  server.close();
  return { Shared: shared, Thread: thread, Plain: plain, Ended: ended };
}

function end({ Shared, Thread, Plain }: Line): void {
  Shared.Request(SocketRequest.ABORT);
  Thread.Serve();
  Plain.Socket.destroy();
}

test("large reads land in the ring in order, also across its end", async () => {
  const it = await line(1_048_576);
  const total = 20_000_000;
  it.Plain.Socket.write(Pattern(total));
  const received = new Uint8Array(total);
  let count = 0;
  await WaitFor(() => {
    count += it.Shared.Inbound.Read(received, count, Math.min(total, count + 300_000));
    it.Thread.Serve();
    return count === total;
  }, "all bytes");
  expect(Buffer.compare(received, Pattern(total))).toBe(0);
  end(it);
});

test("a full ring pauses the socket, and a read that makes room wakes it", async () => {
  const it = await line(1_024);
  it.Plain.Socket.write(Pattern(100_000));
  await WaitFor(() => it.Shared.IsPaused(), "the pause");
  expect(it.Shared.Inbound.Used()).toBe(1_024);
  const received = new Uint8Array(100_000);
  let count = 0;
  await WaitFor(() => {
    count += it.Shared.Inbound.Read(received, count);
    it.Thread.Serve();
    return count === received.length;
  }, "all bytes");
  expect(Buffer.compare(received, Pattern(100_000))).toBe(0);
  end(it);
});

test("FINISH sends what is in the ring, then the end; receiving goes on", async () => {
  const it = await line();
  it.Shared.Outbound.Write(Pattern(10_000));
  it.Shared.Request(SocketRequest.FINISH);
  it.Thread.Serve();
  await WaitFor(() => it.Plain.Ended, "the end");
  expect(it.Plain.Received).toHaveLength(10_000);
  expect(it.Shared.Phase()).toBe(SocketPhase.OPEN);
  end(it);
});

test("CLOSE is over when both sides have finished, and nothing is left of the id", async () => {
  const it = await line();
  it.Shared.Outbound.Write(Pattern(10_000));
  it.Shared.Request(SocketRequest.CLOSE, 5_000);
  it.Thread.Serve();
  await WaitFor(() => it.Plain.Ended, "the end");
  it.Plain.Socket.end();
  await WaitFor(() => it.Ended.length > 0, "the end of the id");
  expect(it.Ended).toEqual([1]);
  expect(it.Shared.Failure()).toBe(SocketError.SUCCESS);
  expect(it.Shared.Reason()).toBe(CloseReason.LOCAL);
});

test("a peer that never finishes is let go when the linger time is over", async () => {
  const it = await line();
  it.Shared.Request(SocketRequest.CLOSE, 30);
  it.Thread.Serve();
  await WaitFor(() => it.Ended.length > 0, "the end of the id");
  expect(it.Shared.Reason()).toBe(CloseReason.LOCAL);
  it.Plain.Socket.destroy();
});

test("ABORT resets, and later calls do nothing", async () => {
  const it = await line();
  it.Shared.Request(SocketRequest.ABORT);
  it.Thread.Serve();
  it.Thread.Fail(SocketError.TIMED_OUT, CloseReason.TIMEOUT);
  await WaitFor(() => it.Plain.Closed, "the reset");
  expect(it.Plain.Failure).toBe("ECONNRESET");
  expect(it.Ended).toEqual([1]);
  expect(it.Shared.Failure()).toBe(SocketError.SUCCESS);
});
