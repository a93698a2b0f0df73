import { expect, test } from "vitest";
import { UnavailableListener } from "../../../../networking/backends/web/UnavailableListener.ts";
import { ListenerPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";

test("is CLOSED with UNAVAILABLE from the start, has nothing, and Close changes nothing", () => {
  const listener = new UnavailableListener();
  const facts = (): unknown[] => [
    listener.Phase(),
    listener.Failure(),
    listener.Local(),
    listener.Pending(),
    listener.Take(),
    listener.Dropped(),
  ];
  const expected = [ListenerPhase.CLOSED, SocketError.UNAVAILABLE, null, 0, null, 0];
  expect(facts()).toEqual(expected);
  listener.Close();
  listener.Close();
  expect(facts()).toEqual(expected);
});
