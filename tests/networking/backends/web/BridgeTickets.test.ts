/** How the link gets its tickets; what a bridge makes of them is in tests/networking/bridge. */
import { expect, test, vi } from "vitest";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { FakeWebSocket as Fake, Latest } from "./FakeWebSocket.ts";
import { UseLink } from "./UseFakes.ts";

const stage = UseLink();
const heard = stage.Heard;

/** Lets everything that was promised come. */
const turn = () => vi.advanceTimersByTimeAsync(0);

test("each attempt asks for one and offers it after the subprotocols", async () => {
  let count = 0;
  stage.Link.SetTickets(() => Promise.resolve(`mwt1.${++count}`));
  stage.Link.Use();
  stage.Link.Use();
  expect(Fake.Made).toHaveLength(0);
  await turn();
  expect(Fake.Made.map(({ Protocols }) => Protocols)).toEqual([["mwx1", "wisp-v2", "mwt1.1"]]);
  Latest().Die();
  expect(heard).toEqual(["lost"]);
  stage.Link.Use();
  await vi.advanceTimersByTimeAsync(WebLimits.backoffMaxMs);
  expect(Fake.Made[1]?.Protocols).toEqual(["mwx1", "wisp-v2", "mwt1.2"]);
});

test("one that cannot be had is a failed attempt", async () => {
  stage.Link.SetTickets(() => Promise.reject(new Error("not logged in")));
  stage.Link.Use();
  await turn();
  expect([heard, Fake.Made.length]).toEqual([["lost"], 0]);
});

test("a source that throws is a failed attempt", async () => {
  stage.Link.SetTickets(() => {
    throw new Error("a mistake of the game");
  });
  stage.Link.Use();
  await turn();
  expect([heard, Fake.Made.length]).toEqual([["lost"], 0]);
});

test("one that never comes is a failed attempt, and comes too late", async () => {
  let give: (ticket: string) => void = () => undefined;
  stage.Link.SetTickets(() => new Promise((resolve) => (give = resolve)));
  stage.Link.Use();
  await vi.advanceTimersByTimeAsync(WebLimits.openTimeoutMs - 1);
  expect(heard).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(heard).toEqual(["lost"]);
  give("mwt1.late");
  await turn();
  expect(Fake.Made).toHaveLength(0);
});

test("a link that is closed while it waits for one ends once", async () => {
  stage.Link.SetTickets(() => Promise.resolve("mwt1.1"));
  stage.Link.Use();
  stage.Link.Close();
  stage.Link.Close();
  await turn();
  expect([heard, Fake.Made.length]).toEqual([["lost"], 0]);
});
