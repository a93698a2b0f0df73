import fc from "fast-check";
import { expect, test } from "vitest";
import { EventHeap } from "../../../../networking/backends/memory/EventHeap.ts";

const seed = Number(process.env.MOONWIRE_SEED ?? Math.floor(Math.random() * 2 ** 31));

test(`events leave by time and then by order, whatever was cancelled, seed ${seed}`, () => {
  const entries = fc.array(fc.record({ at: fc.nat(9), cancel: fc.boolean() }), { maxLength: 60 });
  const property = fc.property(entries, (events) => {
    const heap = new EventHeap();
    const ran: number[] = [];
    const cancels = events.map(({ at }, i) =>
      heap.Add({ AtMs: at, Order: i, Run: () => ran.push(i) }),
    );
    events.forEach(({ cancel }, i) => {
      if (!cancel) return;
      cancels[i]?.();
      cancels[i]?.(); // the second does nothing
    });
    const kept = events.map(({ at }, i) => ({ at, i })).filter(({ i }) => !events[i]?.cancel);
    expect(heap.Size()).toBe(kept.length);
    while (heap.First() !== null) {
      const first = heap.First();
      expect(heap.Shift()).toBe(first);
      first?.Run();
    }
    expect(ran).toEqual(kept.sort((a, b) => a.at - b.at || a.i - b.i).map(({ i }) => i));
    expect(heap.Shift()).toBeNull();
  });
  fc.assert(property, { numRuns: 500, seed });
});

test("an event that ran cannot be cancelled any more", () => {
  const heap = new EventHeap();
  const cancel = heap.Add({ AtMs: 1, Order: 0, Run: () => undefined });
  heap.Add({ AtMs: 2, Order: 1, Run: () => undefined });
  heap.Shift();
  cancel();
  expect(heap.Size()).toBe(1);
});
