import { expect, test } from "vitest";
import { FollowPage } from "../../../../networking/backends/web/PageLife.ts";

/** A page whose life the test leads. @returns what was done about it, in order. */
function live(...events: Event[]): string[] {
  const done: string[] = [];
  const page = new EventTarget();
  FollowPage(page, {
    Disconnect: () => void done.push("disconnect"),
    Hurry: () => void done.push("hurry"),
  });
  for (const event of events) page.dispatchEvent(event);
  return done;
}

const shown = (persisted: boolean): Event => Object.assign(new Event("pageshow"), { persisted });

test("a page that is left ends its link", () => {
  expect(live(shown(false), new Event("pagehide"))).toEqual(["disconnect"]);
});

test("one that comes back from the cache, or online, is linked soon", () => {
  expect(live(new Event("pagehide"), shown(true), new Event("online"))).toEqual([
    "disconnect",
    "hurry",
    "hurry",
  ]);
});

test("hidden or offline it keeps what it has", () => {
  expect(live(new Event("visibilitychange"), new Event("offline"))).toEqual([]);
});
