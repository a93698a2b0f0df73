import { expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import type { BackendSocket } from "../../../networking/core/NetBackend.ts";
import { SocketPhase } from "../../../networking/core/NetBackend.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { SocketStream } from "../../../networking/core/SocketStream.ts";
import { CloseReason } from "../../../networking/core/Status.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import type { TlsFacts, TlsRequest } from "../../../networking/core/TlsRequest.ts";

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

/** A backend that can do TLS, as far as its socket shows. */
class Securing extends Recorded {
  Facts: TlsFacts | null = null;
  Answer: SocketError = SocketError.SUCCESS;

  Secure = (): SocketError => this.Answer;
  Secured = (): TlsFacts | null => this.Facts;
}

const request: TlsRequest = { Config: TLSOptions.ClientUnsafe().Config(), CommonName: "" };
const facts: TlsFacts = {
  Protocol: "TLSv1.3",
  Cipher: "TLS_AES_128_GCM_SHA256",
  AlpnProtocol: "",
  IsSessionReused: false,
  Certificate: null,
};

test("in a handshake the rings are left alone, and an end is the backend's to judge", () => {
  const recorded = new Securing();
  const stream = new OpenStream(recorded);
  recorded.Inbound.Write(bytes(4));
  stream.Send(bytes(4));
  expect(stream.Secure(request)).toBe(SocketError.SUCCESS);
  expect([stream.IsHandshaking(), stream.Secure(request)]).toEqual([true, 6]);
  expect([stream.GetAvailableBytes(), stream.GetSendSpace(), stream.Peek(bytes(4))]).toEqual([
    0, 0, 0,
  ]);
  expect(stream.Send(bytes(1))).toEqual({ Result: SocketError.BUSY, BytesSent: 0 });
  expect(stream.Receive(bytes(1))).toEqual({ Result: SocketError.BUSY, Received: 0 });
  expect(stream.Shutdown()).toBe(SocketError.SOCKET_INVALID);
  expect([recorded.Inbound.Used(), recorded.Outbound.Used()]).toEqual([4, 4]);
  recorded.Finished = true;
  stream.Poll();
  expect(stream.IsAtEnd()).toBe(false);
  recorded.Finished = false;
  recorded.Facts = facts;
  expect([stream.IsHandshaking(), stream.GetTlsFacts()]).toEqual([true, null]);
  stream.Poll();
  expect([stream.IsHandshaking(), stream.GetTlsFacts()]).toEqual([false, facts]);
  expect([stream.GetAvailableBytes(), stream.GetSendSpace()]).toEqual([4, 12]);
  expect(stream.Secure(request)).toBe(SocketError.ALREADY_INIT);
});

test("a handshake that failed leaves nothing to read, and says why", () => {
  const recorded = new Securing();
  const stream = new OpenStream(recorded);
  recorded.Inbound.Write(bytes(4));
  stream.Secure(request);
  recorded.At = SocketPhase.CLOSED;
  recorded.Code = SocketError.TLS_FAILED;
  expect(stream.Poll()).toBe(SocketError.TLS_FAILED);
  expect(stream.Receive(bytes(1))).toEqual({ Result: SocketError.TLS_FAILED, Received: 0 });
  expect(stream.Send(bytes(1)).Result).toBe(SocketError.CONNECTION_CLOSED);
  expect([stream.GetTlsFacts(), stream.IsAtEnd()]).toEqual([null, true]);
});

test("no handshake begins without a backend for it, or when one side has finished", () => {
  expect(new SocketStream().Secure(request)).toBe(SocketError.SOCKET_INVALID);
  expect(new OpenStream(new Recorded()).Secure(request)).toBe(SocketError.UNAVAILABLE);
  const refusing = new Securing();
  refusing.Answer = SocketError.LIMIT_REACHED;
  const refused = new OpenStream(refusing);
  expect([refused.Secure(request), refused.IsHandshaking()]).toEqual([24, false]);
  const half = new OpenStream(new Securing());
  half.Shutdown();
  expect(half.Secure(request)).toBe(SocketError.SOCKET_INVALID);
  const left = new Securing();
  left.Finished = true;
  expect(new OpenStream(left).Secure(request)).toBe(SocketError.SOCKET_INVALID);
});
