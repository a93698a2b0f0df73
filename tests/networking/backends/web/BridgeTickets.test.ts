/** How the link gets its tickets; what a bridge makes of them is in tests/networking/bridge. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BridgeLink } from "../../../../networking/backends/web/BridgeLink.ts";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { FakeConstructor, FakeWebSocket as Fake, Latest } from "./FakeWebSocket.ts";

const lost = vi.fn<() => void>();
let link: BridgeLink;

beforeEach(() => {
  vi.useFakeTimers();
  Fake.Made = [];
  lost.mockClear();
  const owner = {
    Ready: () => undefined,
    Lost: lost,
    OnMux: () => undefined,
    Ended: () => undefined,
  };
  link = new BridgeLink("ws://bridge.example/bridge/", FakeConstructor, owner);
});
afterEach(() => {
  link.Close();
  if (vi.getTimerCount() > 0) throw new Error("The link left a timer behind.");
  vi.useRealTimers();
});

/** Lets everything that was promised come. */
const turn = () => vi.advanceTimersByTimeAsync(0);

test("each attempt asks for one and offers it after the subprotocols", async () => {
  let count = 0;
  link.SetTickets(() => Promise.resolve(`mwt1.${++count}`));
  link.Use();
  link.Use();
  expect(Fake.Made).toHaveLength(0);
  await turn();
  expect(Fake.Made.map(({ Protocols }) => Protocols)).toEqual([["mwx1", "wisp-v2", "mwt1.1"]]);
  Latest().Die();
  expect(lost).toHaveBeenCalledTimes(1);
  link.Use();
  await vi.advanceTimersByTimeAsync(WebLimits.backoffMaxMs);
  expect(Fake.Made[1]?.Protocols).toEqual(["mwx1", "wisp-v2", "mwt1.2"]);
});

test("one that cannot be had is a failed attempt", async () => {
  link.SetTickets(() => Promise.reject(new Error("not logged in")));
  link.Use();
  await turn();
  expect([lost.mock.calls.length, Fake.Made.length]).toEqual([1, 0]);
});

test("a source that throws is a failed attempt", async () => {
  link.SetTickets(() => {
    throw new Error("a mistake of the game");
  });
  link.Use();
  await turn();
  expect([lost.mock.calls.length, Fake.Made.length]).toEqual([1, 0]);
});

test("one that never comes is a failed attempt, and comes too late", async () => {
  let give: (ticket: string) => void = () => undefined;
  link.SetTickets(() => new Promise((resolve) => (give = resolve)));
  link.Use();
  await vi.advanceTimersByTimeAsync(WebLimits.openTimeoutMs - 1);
  expect(lost).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(lost).toHaveBeenCalledTimes(1);
  give("mwt1.late");
  await turn();
  expect(Fake.Made).toHaveLength(0);
});

test("a link that is closed while it waits for one ends once", async () => {
  link.SetTickets(() => Promise.resolve("mwt1.1"));
  link.Use();
  link.Close();
  link.Close();
  await turn();
  expect([lost.mock.calls.length, Fake.Made.length]).toEqual([1, 0]);
});
