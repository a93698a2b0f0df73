import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ClosePacketOf, CodeOf, ReasonOf, WispReason } from "../../../networking/mux/WispReason.ts";

test.each([
  [SocketError.SUCCESS, 0x02],
  [SocketError.CONNECTION_RESET, 0x03],
  [SocketError.HOST_UNREACHABLE, 0x42],
  [SocketError.CANT_RESOLVE, 0x42],
  [SocketError.TIMED_OUT, 0x43],
  [SocketError.CONNECTION_REFUSED, 0x44],
  [SocketError.POLICY_DENIED, 0x48],
  [SocketError.LIMIT_REACHED, 0x49],
  [SocketError.TLS_FAILED, 0x01],
])("code %i is told to a plain peer as reason %i", (code, reason) => {
  expect(ReasonOf(code)).toBe(reason);
});

test("a plain peer's reason becomes the code that it is nearest to", () => {
  expect(CodeOf(WispReason.REFUSED, null)).toBe(SocketError.CONNECTION_REFUSED);
  expect(CodeOf(WispReason.VOLUNTARY, null)).toBe(SocketError.SUCCESS);
  expect(CodeOf(WispReason.DATA_TIMEOUT, null)).toBe(SocketError.TIMED_OUT);
  expect(CodeOf(WispReason.BAD_SIGNATURE, null)).toBe(SocketError.PERMISSION_DENIED);
  expect(CodeOf(0xc3, null)).toBe(SocketError.FAILED);
});

test("the exact code wins over the reason, unless it is no code", () => {
  expect(CodeOf(WispReason.UNREACHABLE, SocketError.CANT_RESOLVE)).toBe(SocketError.CANT_RESOLVE);
  expect(CodeOf(WispReason.REFUSED, 9_999)).toBe(SocketError.CONNECTION_REFUSED);
});

test("every code survives the way to an MWX peer", () => {
  for (const code of Object.values(SocketError)) {
    const { Reason, Code } = ClosePacketOf(1, code, true);
    expect(CodeOf(Reason, Code)).toBe(code);
    expect(ClosePacketOf(1, code, false).Code).toBeNull();
  }
});
