import { expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import type { LocalEnd } from "../../../networking/gridmate/LocalEnd.ts";
import { IsOfFamily, ListenAddress, LocalEndOf } from "../../../networking/gridmate/LocalEnd.ts";
import { FamilyType } from "../../../networking/gridmate/ResultCode.ts";

const { BSD_AF_INET, BSD_AF_INET6 } = FamilyType;

test.each([
  [BSD_AF_INET, null, "0.0.0.0"],
  [BSD_AF_INET6, null, "::"],
  [BSD_AF_INET, "127.0.0.1", "127.0.0.1"],
  [BSD_AF_INET, "0.0.0.0", "0.0.0.0"],
  [BSD_AF_INET6, "::1", "::1"],
])("family %i and %s listen at %s", (family, address, where) => {
  const end = LocalEndOf(family, address, 80) as LocalEnd;
  expect(end.Family).toBe(family);
  expect(end.Port).toBe(80);
  expect(`${ListenAddress(end)}`).toBe(where);
});

test.each([0, 1, 65_535])("port %i is one", (port) => {
  expect(LocalEndOf(BSD_AF_INET, null, port)).toMatchObject({ Port: port });
});

test.each([-1, 65_536, 1.5, NaN])("port %d is none", (port) => {
  expect(typeof LocalEndOf(BSD_AF_INET, null, port)).toBe("number");
});

test("an address is of one family", () => {
  expect(IsOfFamily(new IpAddress("10.0.0.1"), BSD_AF_INET)).toBe(true);
  expect(IsOfFamily(new IpAddress("10.0.0.1"), BSD_AF_INET6)).toBe(false);
  expect(IsOfFamily(new IpAddress("::ffff:10.0.0.1"), BSD_AF_INET)).toBe(true);
  expect(IsOfFamily(new IpAddress("fd00::1"), BSD_AF_INET6)).toBe(true);
  expect(IsOfFamily(new IpAddress("fd00::1"), BSD_AF_INET)).toBe(false);
  expect(IsOfFamily(new IpAddress(), BSD_AF_INET6)).toBe(false);
});
