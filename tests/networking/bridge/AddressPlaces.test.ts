import { expect, test } from "vitest";
import { AddressPlaces } from "../../../networking/bridge/AddressPlaces.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

test("an address has so many at once, and gets each back once", () => {
  const places = new AddressPlaces(2);
  const enter = (text: string) => places.Enter(new IpAddress(text));
  const leave = enter("10.0.0.1");
  expect(enter("10.0.0.1")).not.toBeNull();
  expect(enter("10.0.0.1")).toBeNull();
  expect(enter("10.0.0.2")).not.toBeNull();
  leave?.();
  leave?.();
  expect(enter("10.0.0.1")).not.toBeNull();
  expect(enter("10.0.0.1")).toBeNull();
});

test("IPv6 addresses of one /64 are one client", () => {
  const places = new AddressPlaces(1);
  const enter = (text: string) => places.Enter(new IpAddress(text));
  expect(enter("2001:db8:1:2::1")).not.toBeNull();
  expect(enter("2001:db8:1:2::2")).toBeNull();
  expect(enter("2001:db8:1:3::1")).not.toBeNull();
});

test("an address that has nothing is forgotten", () => {
  const places = new AddressPlaces(2);
  const leaves = ["10.0.0.1", "10.0.0.1", "10.0.0.2"].map((text) => {
    return places.Enter(new IpAddress(text));
  });
  const known = leaves.map((leave) => {
    leave?.();
    return places.Known();
  });
  expect(known).toEqual([2, 1, 0]);
});
