import { expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import type { BackendSocket } from "../../../networking/core/NetBackend.ts";
import { SocketPhase } from "../../../networking/core/NetBackend.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { SocketStream } from "../../../networking/core/SocketStream.ts";
import { CloseReason } from "../../../networking/core/Status.ts";

/** What a backend recorded, written by hand. */
class Recorded {
  readonly Inbound = ByteRing.Create(16);
  readonly Outbound = ByteRing.Create(16);
  readonly Calls: string[] = [];
  At: SocketPhase = SocketPhase.OPEN;
  Finished = false;
  Code: SocketError = SocketError.SUCCESS;
  Why: CloseReason = CloseReason.NONE;

  Phase = (): SocketPhase => this.At;
  PeerFinished = (): boolean => this.Finished;
  Failure = (): SocketError => this.Code;
  Reason = (): CloseReason => this.Why;
  Local = (): null => null;
  Remote = (): null => null;
  ConnectMs = (): number => 0;
  PausedMs = (): number => 0;
  OutboundChanged = (): number => this.Calls.push("out");
  InboundChanged = (): number => this.Calls.push("in");
  Finish = (): number => this.Calls.push("finish");
}

class OpenStream extends SocketStream {
  constructor(recorded: Recorded, isTaken = false) {
    super();
    this.setStream(recorded as unknown as BackendSocket, isTaken);
  }
}

const bytes = (count: number): Uint8Array => new Uint8Array(count);

test("without a connection every call says so", () => {
  const stream = new SocketStream();
  expect(stream.Poll()).toBe(SocketError.SOCKET_INVALID);
  expect(stream.Send(bytes(1))).toEqual({ Result: SocketError.SOCKET_INVALID, BytesSent: 0 });
  expect(stream.Receive(bytes(1))).toEqual({ Result: SocketError.SOCKET_INVALID, Received: 0 });
  expect(stream.Peek(bytes(1))).toBe(0);
  expect(stream.Shutdown()).toBe(SocketError.SOCKET_INVALID);
  expect(stream.GetRemoteAddress().IsValid()).toBe(false);
  expect(stream.GetRemotePort()).toBe(0);
  expect([stream.GetSendSpace(), stream.GetOutboundBytes(), stream.GetAvailableBytes()]).toEqual([
    0, 0, 0,
  ]);
});

test("the backend hears of bytes that moved, and only of those", () => {
  const recorded = new Recorded();
  const stream = new OpenStream(recorded);
  stream.Send(bytes(0));
  stream.Receive(bytes(4));
  expect(recorded.Calls).toEqual([]);
  expect(stream.Send(bytes(20)).BytesSent).toBe(16);
  expect(stream.Send(bytes(1)).Result).toBe(SocketError.BUSY);
  recorded.Inbound.Write(bytes(3));
  stream.Peek(bytes(2));
  expect(recorded.Calls).toEqual(["out"]);
  expect(stream.Receive(bytes(2)).Received).toBe(2);
  expect(recorded.Calls).toEqual(["out", "in"]);
});

test("nothing but the fill of the rings changes between two polls", () => {
  const recorded = new Recorded();
  const stream = new OpenStream(recorded);
  recorded.At = SocketPhase.CLOSED;
  recorded.Finished = true;
  recorded.Code = SocketError.CONNECTION_RESET;
  recorded.Why = CloseReason.RESET;
  recorded.Inbound.Write(bytes(1));
  expect(stream.GetPhase()).toBe(SocketPhase.OPEN);
  expect(stream.IsPeerFinished()).toBe(false);
  expect(stream.GetFailure()).toBe(SocketError.SUCCESS);
  expect(stream.GetCloseReason()).toBe(CloseReason.NONE);
  expect(stream.GetAvailableBytes()).toBe(1);

  expect(stream.Poll()).toBe(SocketError.CONNECTION_RESET);
  expect(stream.GetCloseReason()).toBe(CloseReason.RESET);
  expect(stream.IsAtEnd()).toBe(false);
  expect(stream.Receive(bytes(2))).toEqual({ Result: SocketError.SUCCESS, Received: 1 });
  expect(stream.Receive(bytes(2)).Result).toBe(SocketError.CONNECTION_RESET);
  expect(stream.IsAtEnd()).toBe(true);
});

test("FIN is asked for once, and nothing can be sent after it", () => {
  const recorded = new Recorded();
  const stream = new OpenStream(recorded);
  expect(stream.Shutdown()).toBe(SocketError.SUCCESS);
  expect(stream.Shutdown()).toBe(SocketError.SUCCESS);
  expect(stream.Send(bytes(1)).Result).toBe(SocketError.CONNECTION_CLOSED);
  expect(recorded.Calls).toEqual(["finish"]);
});

test.each([
  [true, 1],
  [false, 0],
])("a reset that comes first: a connection that was taken (%s) has stood", (isTaken, stood) => {
  const recorded = new Recorded();
  recorded.At = SocketPhase.CLOSED;
  recorded.Code = SocketError.CONNECTION_RESET;
  const { Opened, Closed, Errors } = NetStatistics.Of(new OpenStream(recorded, isTaken));
  expect([Opened, Closed]).toEqual([stood, stood]);
  expect([...Errors]).toEqual([[SocketError.CONNECTION_RESET, 1]]);
});
