/** A window that grew larger than the ring behind it: what waits, and what waits behind that. */
import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxPair, TakeAll } from "./MuxPair.ts";

/** A page that read a window at once was granted twice as much, and does not read any more. */
function beyondTheRing() {
  const pair = new MuxPair();
  const { page, bridge } = pair.Open(4_096, 65_536);
  const data = Uint8Array.from({ length: 12_000 }, (_, i) => i % 251);
  bridge.Out.Write(data);
  pair.Bridge.SourceChanged(bridge.Stream);
  pair.Run();
  const got = [...TakeAll(page.In)];
  pair.Page.SinkChanged(page.Stream);
  pair.Run();
  const read = (): void => {
    got.push(...TakeAll(page.In));
    pair.Page.SinkChanged(page.Stream);
    pair.Run();
  };
  return { pair, page, bridge, data, got, read };
}

test("bytes beyond the ring wait, whole and in order", () => {
  const { page, bridge, data, got, read } = beyondTheRing();
  expect([page.In.Used(), bridge.Out.Used()]).toEqual([4_096, 0]);
  expect(page.Stream.HasWaiting()).toBe(true);
  read();
  read();
  expect(Uint8Array.from(got)).toEqual(data);
  expect(page.Stream.HasWaiting()).toBe(false);
});

test.each([
  ["its FIN", "finished"],
  ["its end", "closed"],
])("%s is told after the bytes that wait before it", (_what, kind) => {
  const { pair, page, bridge, data, got, read } = beyondTheRing();
  if (kind === "finished") pair.Bridge.Finish(bridge.Stream);
  else pair.Bridge.Close(bridge.Stream, SocketError.SUCCESS);
  pair.Run();
  const told = (): boolean => pair.PageEvents.some((event) => event.Kind === kind);
  expect([told(), page.In.Used()]).toEqual([false, 4_096]);
  read();
  expect(got.length + page.In.Used()).toBe(data.length);
  expect(told()).toBe(true);
  read();
  expect(Uint8Array.from(got)).toEqual(data);
});

test("TLS to the target begins after the plain bytes that wait for it", () => {
  const pair = new MuxPair();
  const { page, bridge } = pair.Open(65_536, 4_096);
  page.Out.Write(new Uint8Array(4_096));
  pair.Page.SourceChanged(page.Stream);
  pair.Run();
  TakeAll(bridge.In);
  pair.Bridge.SinkChanged(bridge.Stream);
  pair.Run();
  page.Out.Write(new Uint8Array(8_192));
  pair.Page.SourceChanged(page.Stream);
  pair.Page.Secure(page.Stream, {
    VerifyChain: true,
    VerifyName: true,
    MinVersion: "TLSv1.2",
    MaxVersion: "TLSv1.3",
    AlpnProtocols: [],
    TimeoutMs: 1_000,
    Name: "arena",
  });
  pair.Run();
  const asked = (): boolean => pair.BridgeEvents.some(({ Kind }) => Kind === "secure");
  expect([asked(), bridge.Stream.HasWaiting()]).toEqual([false, true]);
  TakeAll(bridge.In);
  pair.Bridge.SinkChanged(bridge.Stream);
  expect([asked(), bridge.In.Used()]).toEqual([true, 4_096]);
});
