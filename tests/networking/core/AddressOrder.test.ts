import { expect, test } from "vitest";
import { FamiliesInTurn } from "../../../networking/core/AddressOrder.ts";

const isIpv4 = (address: string): boolean => address.startsWith("4");

test.each([
  [[], []],
  [["4a"], ["4a"]],
  [
    ["6a", "6b", "4a", "4b"],
    ["6a", "4a", "6b", "4b"],
  ],
  [
    ["4a", "6a", "6b", "6c"],
    ["4a", "6a", "6b", "6c"],
  ],
  [
    ["4a", "4b", "4c", "6a"],
    ["4a", "6a", "4b", "4c"],
  ],
])("%j is tried as %j", (given, order) => {
  expect(FamiliesInTurn<string>(given, isIpv4)).toEqual(order);
});
