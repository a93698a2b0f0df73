import { expect, test } from "vitest";
import { Overlap, PortTable } from "../../../../networking/backends/memory/PortTable.ts";
import { Random } from "../../../../networking/backends/memory/Random.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";

const one = new IpAddress("10.0.0.1");
const two = new IpAddress("10.0.0.2");
const any = new IpAddress("*");

test("a port is taken once per address, and free when given back", () => {
  const table = new PortTable(new Random(1), [50_000, 50_009]);
  const end = table.Take(one, 80);
  expect(end).toEqual({ Address: one, Port: 80 });
  expect(table.Take(one, 80)).toBeNull();
  expect(table.Take(any, 80)).toBeNull();
  expect(table.Take(two, 80)).not.toBeNull();
  table.GiveBack(end!);
  table.GiveBack(end!);
  expect(table.Take(one, 80)).not.toBeNull();
});

test("the system chooses every port of the range, and then none", () => {
  const table = new PortTable(new Random(1), [50_000, 50_009]);
  const ports = new Set(Array.from({ length: 10 }, () => table.Take(one, 0)?.Port));
  expect(Math.min(...(ports as Set<number>))).toBe(50_000);
  expect(Math.max(...(ports as Set<number>))).toBe(50_009);
  expect(ports.size).toBe(10);
  expect(table.Take(one, 0)).toBeNull();
  expect(table.Take(two, 0)).not.toBeNull();
});

test("which addresses overlap", () => {
  const addresses = ["*", "0.0.0.0", "::", "10.0.0.1", "10.0.0.2", "fd00::1"];
  const overlapping = new Set([
    ...addresses.flatMap((text) => [`* ${text}`, `${text} *`, `${text} ${text}`]),
    ...["10.0.0.1", "10.0.0.2"].flatMap((text) => [`0.0.0.0 ${text}`, `${text} 0.0.0.0`]),
    ":: fd00::1",
    "fd00::1 ::",
  ]);
  for (const a of addresses) {
    for (const b of addresses) {
      const expected = overlapping.has(`${a} ${b}`);
      expect([a, b, Overlap(new IpAddress(a), new IpAddress(b))]).toEqual([a, b, expected]);
    }
  }
});

test("a range is two ports in order", () => {
  for (const range of [
    [0, 5],
    [5, 65_536],
    [5, 4],
    [1.5, 2],
  ] as const) {
    expect(() => new PortTable(new Random(1), range)).toThrow(TypeError);
  }
});
