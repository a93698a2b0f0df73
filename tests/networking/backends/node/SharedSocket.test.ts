import { expect, test } from "vitest";
import { SharedSocket, SocketRequest } from "../../../../networking/backends/node/SharedSocket.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../../networking/core/Status.ts";

/** The two threads' views of one socket. */
function sides(inboundBytes = 1_000, outboundBytes = 300): [SharedSocket, SharedSocket] {
  const game = SharedSocket.Create(inboundBytes, outboundBytes);
  return [game, new SharedSocket(game.Memory)];
}

test("bytes written on one side are read on the other, each ring by itself", () => {
  const [game, thread] = sides();
  expect(thread.Inbound.Write(new Uint8Array(2_000).fill(7))).toBe(1_000);
  expect(game.Outbound.Write(new Uint8Array(2_000).fill(9))).toBe(300);
  const inbound = new Uint8Array(1_000);
  expect(game.Inbound.Read(inbound)).toBe(1_000);
  expect(inbound).toEqual(new Uint8Array(1_000).fill(7));
  const outbound = new Uint8Array(300);
  expect(thread.Outbound.Read(outbound)).toBe(300);
  expect(outbound).toEqual(new Uint8Array(300).fill(9));
});

test("both ends are told with the phase, and not before", () => {
  const [game, thread] = sides();
  expect(game.Local()).toBeNull();
  const local = { Address: new IpAddress("127.0.0.1"), Port: 65_535 };
  const remote = { Address: new IpAddress("2001:db8::7"), Port: 1 };
  thread.SetOpen(local, remote);
  expect(game.Phase()).toBe(SocketPhase.OPEN);
  expect(game.Local()?.Address.ToString()).toBe("127.0.0.1");
  expect(game.Local()?.Port).toBe(65_535);
  expect(game.Remote()?.Address.ToString()).toBe("2001:db8::7");
  expect(game.Remote()?.Port).toBe(1);
});

test("an end that is gone already stays unknown", () => {
  const [game, thread] = sides();
  thread.SetOpen(null, null);
  expect([game.Phase(), game.Local(), game.Remote()]).toEqual([SocketPhase.OPEN, null, null]);
});

test("the first end counts", () => {
  const [game, thread] = sides();
  thread.SetClosed(SocketError.CONNECTION_RESET, CloseReason.RESET);
  thread.SetClosed(SocketError.SUCCESS, CloseReason.PEER);
  expect(game.Phase()).toBe(SocketPhase.CLOSED);
  expect(game.Failure()).toBe(SocketError.CONNECTION_RESET);
  expect(game.Reason()).toBe(CloseReason.RESET);
});

test("requests add up, and the latest linger time holds", () => {
  const [game, thread] = sides();
  game.Request(SocketRequest.FINISH);
  game.Request(SocketRequest.CLOSE, 5_000);
  expect(thread.Requests()).toBe(SocketRequest.FINISH | SocketRequest.CLOSE);
  expect(thread.LingerMs()).toBe(5_000);
});

test("a socket is dirty once until the other side clears it", () => {
  const [game, thread] = sides();
  expect([game.MarkDirty(), game.MarkDirty()]).toEqual([true, false]);
  thread.ClearDirty();
  expect(game.MarkDirty()).toBe(true);
});

test("a waiting reader's low-water mark is reached by its byte, and 0 by any", () => {
  const [game, thread] = sides();
  expect(thread.IsEnoughInbound()).toBe(true);
  game.SetReceiveLowWater(100);
  thread.Inbound.Write(new Uint8Array(99));
  expect(thread.IsEnoughInbound()).toBe(false);
  thread.Inbound.Write(new Uint8Array(1));
  expect(thread.IsEnoughInbound()).toBe(true);
  game.Inbound.Skip(100);
  game.SetReceiveLowWater(0);
  expect(thread.IsEnoughInbound()).toBe(true);
});
