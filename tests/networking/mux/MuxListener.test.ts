import { expect, test } from "vitest";
import { MuxListener } from "../../../networking/mux/MuxListener.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";

test("as many connections as the backlog may be announced, and not one more", () => {
  const listener = new MuxListener(1, 2);
  expect([listener.Announce(), listener.HasCredit(), listener.Announce()]).toEqual([
    true,
    true,
    true,
  ]);
  expect([listener.HasCredit(), listener.Announce()]).toEqual([false, false]);
});

test("a grant is absolute, and an older one changes nothing", () => {
  const listener = new MuxListener(1, 1);
  listener.Announce();
  listener.Grant(3);
  listener.Grant(2);
  expect([listener.Announce(), listener.Announce(), listener.Announce()]).toEqual([
    true,
    true,
    false,
  ]);
});

test("half of the backlog has to be taken for a grant, or any when nothing is left of it", () => {
  const listener = new MuxListener(7, 4);
  listener.Announce();
  listener.Take();
  expect(listener.GrantPacket()).toBeNull();
  listener.Announce();
  listener.Take();
  expect(listener.GrantPacket()).toEqual({ Type: PacketType.ACCEPT_CREDIT, Stream: 7, Count: 6 });
  expect(listener.GrantPacket()).toBeNull();
  for (let i = 0; i < 4; i++) listener.Announce();
  listener.Take();
  expect(listener.GrantPacket()).toMatchObject({ Count: 7 });
});
