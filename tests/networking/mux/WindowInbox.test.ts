import { expect, test } from "vitest";
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { WindowInbox } from "../../../networking/mux/WindowInbox.ts";
import { Pattern } from "../../Support/Network.ts";

function taken(ring: ByteRing, most = ring.Used()): number[] {
  const bytes = new Uint8Array(most);
  return [...bytes.subarray(0, ring.Read(bytes))];
}

test("what fits goes into the sink, the rest waits behind it, up to the window", () => {
  const [inbox, sink] = [new WindowInbox(), ByteRing.Create(10)];
  expect(inbox.Push(Pattern(8), sink, 30)).toBe(true);
  expect(inbox.Used()).toBe(0);
  expect(inbox.Push(Pattern(12, 8), sink, 30)).toBe(true);
  expect([sink.Used(), inbox.Used()]).toEqual([10, 10]);
  expect(inbox.Push(Pattern(20, 20), sink, 30)).toBe(true);
  expect(inbox.Push(Pattern(1), sink, 30)).toBe(false);
});

test("new bytes never pass those that wait", () => {
  const [inbox, sink] = [new WindowInbox(), ByteRing.Create(4)];
  inbox.Push(Pattern(6), sink, 16);
  expect(taken(sink)).toEqual([0, 1, 2, 3]);
  inbox.Push(Pattern(1, 6), sink, 16);
  expect([sink.Used(), inbox.Drain(sink), taken(sink)]).toEqual([0, true, [4, 5, 6]]);
  expect([inbox.Used(), inbox.Drain(sink)]).toEqual([0, false]);
});

test("draining into a full sink moves nothing", () => {
  const [inbox, sink] = [new WindowInbox(), ByteRing.Create(4)];
  inbox.Push(Pattern(5), sink, 16);
  expect([inbox.Drain(sink), inbox.Used()]).toEqual([false, 1]);
});

test("keeps the order while the window grows and bytes come and go", () => {
  const [inbox, sink] = [new WindowInbox(), ByteRing.Create(7)];
  let [sent, read] = [0, 0];
  for (const window of [16, 16, 32, 32, 64, 128, 128]) {
    for (let round = 0; round < 9; round++) {
      const room = window - (sent - read);
      const count = Math.min(room, 1 + ((round * 5) % 13));
      expect(inbox.Push(Pattern(count, sent), sink, window)).toBe(true);
      sent += count;
      const got = taken(sink, 1 + (round % 7));
      expect(got).toEqual([...Pattern(got.length, read)]);
      read += got.length;
      inbox.Drain(sink);
    }
  }
  while (read < sent) {
    const got = taken(sink);
    expect(got).toEqual([...Pattern(got.length, read)]);
    read += got.length;
    inbox.Drain(sink);
  }
});
