import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BridgeLink } from "../../../../networking/backends/web/BridgeLink.ts";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { ByteRing } from "../../../../networking/core/ByteRing.ts";
import { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";
import { PacketType } from "../../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../../networking/mux/PacketEncode.ts";
import {
  Exchange,
  FakeConstructor,
  FakeWebSocket as Fake,
  Greet,
  Latest,
} from "./FakeWebSocket.ts";

const url = "ws://bridge.example/bridge/";
/** What the owner heard, in order. */
const heard: string[] = [];
let link: BridgeLink;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(1); // The longest wait of the backoff.
  Fake.Made = [];
  heard.length = 0;
  link = new BridgeLink(url, FakeConstructor, {
    Ready: (mux) => heard.push(mux.CanConnect() ? "ready" : "ready too early"),
    Lost: () => heard.push(link.ReadyMux() === null ? "lost" : "lost too early"),
    OnMux: (_mux, { Kind }) => heard.push(Kind),
    Ended: () => undefined,
  });
});
afterEach(() => {
  link.Close();
  if (vi.getTimerCount() > 0) throw new Error("The link left a timer behind.");
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function greetPlain(): void {
  Latest().Accept("");
  Latest().Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
}

describe("opening", () => {
  test("comes with the first Use, once, and is ready after the handshake, not before", () => {
    expect([Fake.Made.length, link.ReadyMux()]).toEqual([0, null]);
    link.Use();
    link.Use();
    expect([Fake.Made.length, Latest().binaryType]).toEqual([1, "arraybuffer"]);
    Latest().Accept("mwx1");
    expect([heard, link.ReadyMux()]).toEqual([[], null]);
    const far = new BridgeMux(2, () => undefined);
    Exchange(far);
    expect([heard, link.ReadyMux()?.HasMwx()]).toEqual([["ready"], true]);
    link.Use();
    expect(Fake.Made).toHaveLength(1);
  });

  test("is given up at its deadline, whatever came of the handshake", () => {
    link.Use();
    Latest().Accept("mwx1");
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([heard, Latest().readyState]).toEqual([["lost"], 2]);
  });

  test("with a URL that is none is an attempt that failed", () => {
    link.SetUrl("not a url");
    link.Use();
    expect([heard, Fake.Made.length]).toEqual([["lost"], 0]);
  });
});

describe("a server without subprotocols", () => {
  test("is asked a second time without, at once and with a deadline of its own", () => {
    link.Use();
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    Latest().Die();
    expect([Fake.Made.length, Latest().Protocols, heard]).toEqual([2, [], []]);
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    expect(heard).toEqual([]);
    greetPlain();
    expect([heard, link.ReadyMux()?.HasMwx()]).toEqual([["ready"], false]);
  });

  test("is not asked a third time", () => {
    link.Use();
    Latest().Die();
    Latest().Die();
    expect([Fake.Made.length, heard]).toEqual([2, ["lost"]]);
  });

  test("is none that took one before, so its loss is a loss", () => {
    link.Use();
    Greet();
    Latest().Die();
    link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    Latest().Die();
    expect([Fake.Made.length, heard]).toEqual([2, ["ready", "lost", "lost"]]);
  });

  test("may be the next URL, whatever the server before it took", () => {
    link.Use();
    Greet();
    link.SetUrl("ws://plain.example/");
    link.Use();
    Latest().Die();
    expect(Latest().Protocols).toEqual([]);
    greetPlain();
    expect(heard).toEqual(["ready", "lost", "ready"]);
  });

  test("is never pinged", () => {
    link.Use();
    Latest().Die();
    greetPlain();
    vi.advanceTimersByTime(10 * WebLimits.pongTimeoutMs);
    expect([Latest().Sent, heard, link.RoundTripMs()]).toEqual([[], ["ready"], null]);
  });
});

describe("loss", () => {
  test("ends the streams first and is told once; what the old WebSocket says is not heard", () => {
    link.Use();
    Greet();
    link.ReadyMux()?.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
    const old = Latest();
    old.Die();
    old.Die();
    old.Say(Uint8Array.of(1));
    old.Accept("mwx1");
    expect([heard, link.ReadyMux(), Fake.Made.length]).toEqual([
      ["ready", "closed", "lost"],
      null,
      1,
    ]);
  });

  test("by a server that breaks the protocol ends the WebSocket", () => {
    link.Use();
    Greet();
    Latest().Say(Uint8Array.of(1, 2, 3));
    expect([heard, Latest().readyState]).toEqual([["ready", "lost"], 2]);
  });

  test("by Close is told at once, and only if there was something to lose", () => {
    link.Close();
    expect(heard).toEqual([]);
    link.Use();
    link.Close();
    link.Close();
    expect([heard, Latest().readyState]).toEqual([["lost"], 2]);
  });
});

describe("the next attempt", () => {
  /** Uses the link and lets it fail, twice because of the subprotocols. */
  function fail(): void {
    const before = Fake.Made.length;
    link.Use();
    if (Fake.Made.length === before) vi.advanceTimersToNextTimer();
    Latest().Die();
    Latest().Die();
  }

  test("waits for the backoff from the loss on, for any number of users, and doubles", () => {
    fail();
    for (const waitMs of [WebLimits.backoffMinMs, 2 * WebLimits.backoffMinMs]) {
      const before = Fake.Made.length;
      link.Use();
      link.Use();
      vi.advanceTimersByTime(waitMs - 1);
      expect(Fake.Made.length).toBe(before);
      vi.advanceTimersByTime(1);
      expect(Fake.Made.length).toBe(before + 1);
      Latest().Die();
      Latest().Die();
    }
  });

  test("comes without anybody's Use only when somebody waits", () => {
    fail();
    vi.advanceTimersByTime(10 * WebLimits.backoffMaxMs);
    expect(Fake.Made).toHaveLength(2);
    link.Use();
    expect(Fake.Made).toHaveLength(3);
  });

  test("that waits is called off by Close, which those who wait are told", () => {
    fail();
    link.Use();
    link.Close();
    expect(heard).toEqual(["lost", "lost"]);
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    expect(Fake.Made).toHaveLength(2);
  });

  test("waits for the shortest time again after a link that was ready", () => {
    for (let i = 0; i < 5; i++) fail();
    link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    Greet();
    Latest().Die();
    const before = Fake.Made.length;
    link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMinMs);
    expect(Fake.Made.length).toBe(before + 1);
  });

  test("goes to another URL at once, and an equal one changes nothing", () => {
    link.Use();
    Greet();
    link.SetUrl(url);
    expect(heard).toEqual(["ready"]);
    link.SetUrl("ws://other.example/");
    expect(heard).toEqual(["ready", "lost"]);
    link.Use();
    expect(Latest().Url).toBe("ws://other.example/");
  });
});
