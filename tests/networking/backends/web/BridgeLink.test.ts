import { describe, expect, test, vi } from "vitest";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { ByteRing } from "../../../../networking/core/ByteRing.ts";
import { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";
import { PacketType } from "../../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../../networking/mux/PacketEncode.ts";
import { Exchange, FakeWebSocket as Fake, Greet, Latest } from "./FakeWebSocket.ts";
import { BridgeUrl, UseLink } from "./UseFakes.ts";

const stage = UseLink();
const heard = stage.Heard;

function greetPlain(): void {
  Latest().Accept("");
  Latest().Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
}

describe("opening", () => {
  test("comes with the first Use, once, and is ready after the handshake, not before", () => {
    expect([Fake.Made.length, stage.Link.ReadyMux()]).toEqual([0, null]);
    stage.Link.Use();
    stage.Link.Use();
    expect([Fake.Made.length, Latest().binaryType]).toEqual([1, "arraybuffer"]);
    Latest().Accept("mwx1");
    expect([heard, stage.Link.ReadyMux()]).toEqual([[], null]);
    const far = new BridgeMux(2, () => undefined);
    Exchange(far);
    expect([heard, stage.Link.ReadyMux()?.HasMwx()]).toEqual([["ready"], true]);
    stage.Link.Use();
    expect(Fake.Made).toHaveLength(1);
  });

  test("is given up at its deadline, whatever came of the handshake", () => {
    stage.Link.Use();
    Latest().Accept("mwx1");
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([heard, Latest().readyState]).toEqual([["lost"], 2]);
  });

  test("with a URL that is none is an attempt that failed", () => {
    stage.Link.SetUrl("not a url");
    stage.Link.Use();
    expect([heard, Fake.Made.length]).toEqual([["lost"], 0]);
  });
});

describe("a server without subprotocols", () => {
  test("is asked a second time without, at once and with a deadline of its own", () => {
    stage.Link.Use();
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    Latest().Die();
    expect([Fake.Made.length, Latest().Protocols, heard]).toEqual([2, [], []]);
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    expect(heard).toEqual([]);
    greetPlain();
    expect([heard, stage.Link.ReadyMux()?.HasMwx()]).toEqual([["ready"], false]);
  });

  test("is not asked a third time", () => {
    stage.Link.Use();
    Latest().Die();
    Latest().Die();
    expect([Fake.Made.length, heard]).toEqual([2, ["lost"]]);
  });

  test("is none that took one before, so its loss is a loss", () => {
    stage.Link.Use();
    Greet();
    Latest().Die();
    stage.Link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    Latest().Die();
    expect([Fake.Made.length, heard]).toEqual([2, ["ready", "lost", "lost"]]);
  });

  test("may be the next URL, whatever the server before it took", () => {
    stage.Link.Use();
    Greet();
    stage.Link.SetUrl("ws://plain.example/");
    stage.Link.Use();
    Latest().Die();
    expect(Latest().Protocols).toEqual([]);
    greetPlain();
    expect(heard).toEqual(["ready", "lost", "ready"]);
  });

  test("is never pinged", () => {
    stage.Link.Use();
    Latest().Die();
    greetPlain();
    vi.advanceTimersByTime(10 * WebLimits.pongTimeoutMs);
    expect([Latest().Sent, heard, stage.Link.RoundTripMs()]).toEqual([[], ["ready"], null]);
  });
});

describe("loss", () => {
  test("ends the streams first and is told once; what the old WebSocket says is not heard", () => {
    stage.Link.Use();
    Greet();
    stage.Link.ReadyMux()?.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
    const old = Latest();
    old.Die();
    old.Die();
    old.Say(Uint8Array.of(1));
    old.Accept("mwx1");
    expect([heard, stage.Link.ReadyMux(), Fake.Made.length]).toEqual([
      ["ready", "closed", "lost"],
      null,
      1,
    ]);
  });

  test("by a server that breaks the protocol ends the WebSocket", () => {
    stage.Link.Use();
    Greet();
    Latest().Say(Uint8Array.of(1, 2, 3));
    expect([heard, Latest().readyState]).toEqual([["ready", "lost"], 2]);
  });

  test("by Close is told at once, and only if there was something to lose", () => {
    stage.Link.Close();
    expect(heard).toEqual([]);
    stage.Link.Use();
    stage.Link.Close();
    stage.Link.Close();
    expect([heard, Latest().readyState]).toEqual([["lost"], 2]);
  });
});

describe("the next attempt", () => {
  /** Uses the link and lets it fail, twice because of the subprotocols. */
  function fail(): void {
    const before = Fake.Made.length;
    stage.Link.Use();
    if (Fake.Made.length === before) vi.advanceTimersToNextTimer();
    Latest().Die();
    Latest().Die();
  }

  test("waits for the backoff from the loss on, for any number of users, and doubles", () => {
    fail();
    for (const waitMs of [WebLimits.backoffMinMs, 2 * WebLimits.backoffMinMs]) {
      const before = Fake.Made.length;
      stage.Link.Use();
      stage.Link.Use();
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
    stage.Link.Use();
    expect(Fake.Made).toHaveLength(3);
  });

  test("that waits is called off by Close, which those who wait are told", () => {
    fail();
    stage.Link.Use();
    stage.Link.Close();
    expect(heard).toEqual(["lost", "lost"]);
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    expect(Fake.Made).toHaveLength(2);
  });

  test("waits for the shortest time again after a link that was ready", () => {
    for (let i = 0; i < 5; i++) fail();
    stage.Link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    Greet();
    Latest().Die();
    const before = Fake.Made.length;
    stage.Link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMinMs);
    expect(Fake.Made.length).toBe(before + 1);
  });

  test("goes to another URL at once, and an equal one changes nothing", () => {
    stage.Link.Use();
    Greet();
    stage.Link.SetUrl(BridgeUrl);
    expect(heard).toEqual(["ready"]);
    stage.Link.SetUrl("ws://other.example/");
    expect(heard).toEqual(["ready", "lost"]);
    stage.Link.Use();
    expect(Latest().Url).toBe("ws://other.example/");
  });
});
