import { expect, test } from "vitest";
import { SharedListener } from "../../../../networking/backends/node/SharedListener.ts";
import { ListenerPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";

test("the port is there when the phase says LISTENING", () => {
  const game = new SharedListener();
  const thread = new SharedListener(game.Memory);
  expect([game.Phase(), game.Port()]).toEqual([ListenerPhase.OPENING, 0]);
  thread.SetListening(7_350);
  expect([game.Phase(), game.Port()]).toEqual([ListenerPhase.LISTENING, 7_350]);
});

test("untaken connections are those announced and not taken, counted by both sides", () => {
  const game = new SharedListener();
  const thread = new SharedListener(game.Memory);
  for (let i = 0; i < 3; i++) thread.CountAnnounced();
  game.CountTaken();
  expect([game.Untaken(), thread.Untaken()]).toEqual([2, 2]);
  thread.CountDropped();
  expect(game.Dropped()).toBe(1);
});

test("the first end counts", () => {
  const listener = new SharedListener();
  listener.SetClosed(SocketError.ADDRESS_IN_USE);
  listener.SetClosed(SocketError.SUCCESS);
  expect(listener.Failure()).toBe(SocketError.ADDRESS_IN_USE);
});
