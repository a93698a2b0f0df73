import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { MulticastInterface } from "../../../../../networking/backends/node/thread/MulticastInterface.ts";

/** The loopback interface's name differs between systems. */
const [loopback = ""] =
  Object.entries(networkInterfaces()).find(([, entries]) => {
    return entries?.some((entry) => entry.address === "127.0.0.1");
  }) ?? [];

test("an interface is found by its name and by its addresses", () => {
  expect(loopback).not.toBe("");
  expect(MulticastInterface("239.1.2.3", loopback)).toBe("127.0.0.1");
  expect(MulticastInterface("239.1.2.3", "127.0.0.1")).toBe("127.0.0.1");
  expect(MulticastInterface("ff02::7", loopback)).toBe(`::%${loopback}`);
  expect(MulticastInterface("ff02::7", "127.0.0.1")).toBe(`::%${loopback}`);
});

test("no name leaves the choice to the system, an unknown one is none", () => {
  expect(MulticastInterface("239.1.2.3", "")).toBeUndefined();
  expect(MulticastInterface("239.1.2.3", "no such interface")).toBeNull();
});
