import { expect, test } from "vitest";
import type { Report } from "../../../../../networking/backends/node/Commands.ts";
import { SharedControl } from "../../../../../networking/backends/node/SharedControl.ts";
import { Outbox } from "../../../../../networking/backends/node/thread/Outbox.ts";
import { NextRun } from "../../../../Support/WaitFor.ts";

function setUp(): { Control: SharedControl; Box: Outbox; Sent: Report[] } {
  const control = new SharedControl();
  const sent: Report[] = [];
  return { Control: control, Box: new Outbox(control, (report) => sent.push(report)), Sent: sent };
}

test("what changed in one turn of the event loop is one message, each id once", async () => {
  const { Control, Box, Sent } = setUp();
  for (const id of [4, 6, 4, 4]) Box.Changed(id, true);
  Box.Ended(6);
  expect(Sent).toEqual([]);
  await NextRun();
  expect(Sent).toEqual([
    { Op: "activity", Ids: [4, 6] },
    { Op: "ended", Ids: [6] },
  ]);
  expect(Control.Posted()).toBe(2);
});

test("an id that nobody watches costs no message, and still ends a wait", async () => {
  const { Control, Box, Sent } = setUp();
  const before = Control.Sequence();
  Box.Changed(4, false);
  expect(Control.Sequence()).not.toBe(before);
  await NextRun();
  expect(Sent).toEqual([]);
});

test("what is likely to go on ends a wait once, at the turn's end", async () => {
  const { Control, Box, Sent } = setUp();
  const before = Control.Sequence();
  for (const id of [4, 4, 6]) Box.Changing(id, id === 6);
  expect(Control.Sequence()).toBe(before);
  await NextRun();
  expect(Sent).toEqual([{ Op: "activity", Ids: [6] }]);
  expect(Control.Sequence() - before).toBe(2); // the turn's end, and the message
});

test("what nobody has to be woken for is told to who watches, and ends no wait", async () => {
  const { Control, Box, Sent } = setUp();
  const before = Control.Sequence();
  Box.Noted(4, false);
  await NextRun();
  expect([Control.Sequence() - before, Sent]).toEqual([0, []]);
  Box.Noted(4, true);
  await NextRun();
  expect(Sent).toEqual([{ Op: "activity", Ids: [4] }]);
});

test("a report that carries something goes at once, counted before it is sent", () => {
  const control = new SharedControl();
  const counts: number[] = [];
  const box = new Outbox(control, () => counts.push(control.Posted()));
  box.Post({ Op: "ended", Ids: [2] });
  expect(counts).toEqual([1]);
});

test("what a report brings about while it is told is a report of the next turn", async () => {
  const control = new SharedControl();
  const sent: Report[] = [];
  const box: Outbox = new Outbox(control, (report) => {
    sent.push(report);
    if (sent.length === 1) {
      box.Changed(8, true);
      box.Ended(4);
    }
  });
  box.Changed(4, true);
  await NextRun();
  await NextRun();
  expect(sent).toEqual([
    { Op: "activity", Ids: [4] },
    { Op: "activity", Ids: [8] },
    { Op: "ended", Ids: [4] },
  ]);
});
