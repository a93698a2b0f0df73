import { expect, test } from "vitest";
import { SharedDatagram } from "../../../../networking/backends/node/SharedDatagram.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Pattern } from "../../../Support/Network.ts";

/** The two threads' views of one socket. */
function sides(inboundBytes = 1_000, outboundBytes = 300): [SharedDatagram, SharedDatagram] {
  const game = SharedDatagram.Create(inboundBytes, outboundBytes);
  return [game, new SharedDatagram(game.Memory)];
}

const address = new IpAddress("10.0.0.1").ToBytes();

test("datagrams put on one side are taken on the other, each ring by itself", () => {
  const [game, thread] = sides();
  expect(thread.Inbound.Put(Pattern(980), address, 7)).toBe(true);
  expect(game.Outbound.Put(Pattern(280, 3), address, 8)).toBe(true);
  expect([thread.Inbound.Put(Pattern(0), address, 7), game.Inbound.Count()]).toEqual([false, 1]);
  const inbound = new Uint8Array(980);
  expect([game.Inbound.Next(), game.Inbound.Take(inbound)]).toEqual([true, 980]);
  expect(inbound).toEqual(Pattern(980));
  const outbound = new Uint8Array(280);
  expect([thread.Outbound.Next(), thread.Outbound.Take(outbound)]).toEqual([true, 280]);
  expect(outbound).toEqual(Pattern(280, 3));
  expect([thread.Outbound.Port, game.Outbound.Count()]).toEqual([8, 0]);
});

test("the thread's answers are counted, the latest is the result", () => {
  const [game, thread] = sides();
  expect(game.Answered()).toBe(0);
  thread.Answer(SocketError.ADDRESS_IN_USE);
  expect([game.Answered(), game.Result()]).toEqual([1, SocketError.ADDRESS_IN_USE]);
  thread.Answer(SocketError.SUCCESS);
  expect([game.Answered(), game.Result()]).toEqual([2, SocketError.SUCCESS]);
});

test("both ends are told when they are known", () => {
  const [game, thread] = sides();
  expect([game.Local(), game.Remote()]).toEqual([null, null]);
  const local = { Address: new IpAddress("::1"), Port: 7 };
  thread.SetEndpoints(local, null);
  expect([game.Local()?.Port, game.Remote()]).toEqual([7, null]);
  thread.SetEndpoints(local, { Address: new IpAddress("::2"), Port: 9 });
  expect(game.Remote()?.Address.ToString()).toBe("::2");
});

test("the first end counts", () => {
  const [game, thread] = sides();
  expect([game.IsClosed(), game.Failure()]).toEqual([false, SocketError.SUCCESS]);
  thread.SetClosed(SocketError.ADDRESS_IN_USE);
  game.SetClosed(SocketError.UNAVAILABLE);
  expect([game.IsClosed(), game.Failure()]).toEqual([true, SocketError.ADDRESS_IN_USE]);
});

test("the latest complaint is taken once", () => {
  const [game, thread] = sides();
  expect(game.TakeComplaint()).toBe(SocketError.SUCCESS);
  thread.Complain(SocketError.CONNECTION_REFUSED);
  thread.Complain(SocketError.HOST_UNREACHABLE);
  expect(game.TakeComplaint()).toBe(SocketError.HOST_UNREACHABLE);
  expect(game.TakeComplaint()).toBe(SocketError.SUCCESS);
});

test("losses of both kinds are counted apart", () => {
  const [game, thread] = sides();
  for (let i = 0; i < 3; i++) thread.CountDropped();
  thread.CountRefused();
  expect([game.Dropped(), game.Refused()]).toEqual([3, 1]);
});

test("a request to close carries its time, and a watch is seen", () => {
  const [game, thread] = sides();
  expect([thread.IsCloseRequested(), thread.IsWatched()]).toEqual([false, false]);
  game.RequestClose(5_000);
  game.SetWatched(true);
  expect([thread.IsCloseRequested(), thread.LingerMs(), thread.IsWatched()]).toEqual([
    true,
    5_000,
    true,
  ]);
  game.SetWatched(false);
  expect(thread.IsWatched()).toBe(false);
});

test("a socket is dirty once until the other side clears it", () => {
  const [game, thread] = sides();
  expect([game.MarkDirty(), game.MarkDirty()]).toEqual([true, false]);
  thread.ClearDirty();
  expect(game.MarkDirty()).toBe(true);
});
