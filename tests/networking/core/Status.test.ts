import { expect, test } from "vitest";
import {
  CloseReason,
  CloseReasonName,
  Status,
  StatusName,
} from "../../../networking/core/Status.ts";

test("the numbers are Luna's", () => {
  expect(Status).toEqual({
    STATUS_NONE: 0,
    STATUS_CONNECTING: 1,
    STATUS_CONNECTED: 2,
    STATUS_ERROR: 3,
  });
  expect(CloseReason).toEqual({ NONE: 0, LOCAL: 1, PEER: 2, RESET: 3, TIMEOUT: 4, ERROR: 5 });
  expect(Object.isFrozen(Status) && Object.isFrozen(CloseReason)).toBe(true);
});

test("names are for people", () => {
  expect(StatusName(Status.STATUS_CONNECTED)).toBe("CONNECTED");
  expect(CloseReasonName(CloseReason.PEER)).toBe("PEER");
  expect(StatusName(9 as Status)).toBe("9");
  expect(CloseReasonName(9 as CloseReason)).toBe("9");
});
