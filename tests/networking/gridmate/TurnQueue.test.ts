import { expect, test } from "vitest";
import { TurnQueue } from "../../../networking/gridmate/TurnQueue.ts";

const [a, b, c] = [{ name: "a" }, { name: "b" }, { name: "c" }];

function queue(...entries: { name: string }[]): TurnQueue<{ name: string }> {
  const made = new TurnQueue<{ name: string }>();
  for (const entry of entries) made.Add(entry);
  return made;
}

function rest(of: TurnQueue<{ name: string }>): string {
  let names = "";
  for (let next = of.Next(); next !== null; next = of.Next()) names += next.name;
  return names;
}

test("an empty one has nobody", () => {
  expect(queue().Next()).toBeNull();
});

test("who came first is next", () => {
  expect(rest(queue(a, b, c))).toBe("abc");
});

test("who waits already keeps its place", () => {
  expect(rest(queue(a, b, a, c, b))).toBe("abc");
});

test("who was served goes to the back", () => {
  const turns = queue(a, b);
  expect(turns.Next()).toBe(a);
  turns.Add(c);
  turns.Add(a);
  expect(rest(turns)).toBe("bca");
});

test("who is removed is passed over, wherever it waits", () => {
  const turns = queue(a, b, c);
  turns.Remove(b);
  turns.Remove(b);
  expect(turns.Next()).toBe(a);
  turns.Add(b);
  turns.Remove(c);
  expect(rest(turns)).toBe("b");
});
