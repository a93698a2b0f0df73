import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BridgeChannel } from "../../../../networking/backends/web/BridgeChannel.ts";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";
import { PacketType } from "../../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../../networking/mux/PacketEncode.ts";
import { Exchange, FakeWebSocket, Greet } from "./FakeWebSocket.ts";

/** What the owner heard, in order. */
const heard: string[] = [];
let webSocket: FakeWebSocket;
let channel: BridgeChannel;

beforeEach(() => {
  vi.useFakeTimers();
  heard.length = 0;
  webSocket = new FakeWebSocket("ws://bridge.example/");
  channel = new BridgeChannel(webSocket as unknown as WebSocket, {
    Ready: () => heard.push("ready"),
    OnMux: (_channel, _mux, { Kind }) => heard.push(Kind),
    Ended: () => heard.push("ended"),
  });
});
afterEach(() => {
  channel.Close();
  if (vi.getTimerCount() > 0) throw new Error("The channel left a timer behind.");
  vi.useRealTimers();
});

const typesSent = (): number[] => webSocket.Sent.map(([type]) => type ?? 0);

describe("opening", () => {
  test("is known step by step", () => {
    expect([channel.Mux(), channel.KnowsProtocols(), channel.ReadyMux()]).toEqual([
      null,
      false,
      null,
    ]);
    webSocket.Accept("wisp-v2");
    expect([channel.KnowsProtocols(), channel.ReadyMux()]).toEqual([true, null]);
    Exchange(new BridgeMux(2, () => undefined), webSocket);
    expect([heard, channel.ReadyMux() === channel.Mux()]).toEqual([["ready"], true]);
  });

  test("without a subprotocol is v1, and not known", () => {
    webSocket.Accept("");
    webSocket.Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
    expect([heard, channel.KnowsProtocols()]).toEqual([["ready"], false]);
  });

  test("at a server that took a subprotocol and speaks v1 is done without INFO, after a while", () => {
    webSocket.Accept("mwx1");
    webSocket.Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
    vi.advanceTimersByTime(WebLimits.infoTimeoutMs - 1);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([heard, channel.ReadyMux()?.HasMwx()]).toEqual([["ready"], false]);
  });

  test("is done by views of bytes, too, and not by text", () => {
    webSocket.Accept("");
    webSocket.SayAs("not bytes");
    const message = EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 });
    const memory = new Uint8Array(message.length + 9);
    memory.set(message, 7);
    expect(heard).toEqual([]);
    webSocket.SayAs(memory.subarray(7, 7 + message.length));
    expect(heard).toEqual(["ready"]);
  });

  test("is given up at its deadline", () => {
    webSocket.Accept("mwx1");
    vi.advanceTimersByTime(WebLimits.openTimeoutMs - 1);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect([heard, webSocket.readyState]).toEqual([["ended"], 2]);
  });
});

describe("the end", () => {
  test("is told once, and nothing is heard afterwards", () => {
    Greet(webSocket);
    webSocket.Die();
    webSocket.Die();
    channel.Close();
    webSocket.Say(Uint8Array.of(1));
    webSocket.Accept("mwx1");
    expect([heard, channel.ReadyMux()]).toEqual([["ready", "ended"], null]);
  });

  test("follows a server that breaks the protocol", () => {
    Greet(webSocket);
    webSocket.Say(Uint8Array.of(1, 2, 3));
    expect([heard, webSocket.readyState]).toEqual([["ready", "ended"], 2]);
  });
});

describe("pings", () => {
  test("go out when ready and then at their interval, and measure the round trip", () => {
    const far = Greet(webSocket);
    expect(channel.RoundTripMs()).toBe(0);
    vi.advanceTimersByTime(WebLimits.pingEveryMs - 1);
    expect(typesSent()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(typesSent()).toEqual([PacketType.PING]);
    vi.advanceTimersByTime(30);
    Exchange(far, webSocket);
    expect(channel.RoundTripMs()).toBe(30);
  });

  test("without an answer are not repeated, and end it after their time", () => {
    Greet(webSocket);
    vi.advanceTimersByTime(WebLimits.pingEveryMs + WebLimits.pongTimeoutMs);
    expect([typesSent(), heard]).toEqual([[PacketType.PING], ["ready"]]);
    vi.advanceTimersByTime(WebLimits.pingEveryMs);
    expect(heard).toEqual(["ready", "ended"]);
  });

  test("are not answered by a pong of another number", () => {
    Greet(webSocket);
    vi.advanceTimersByTime(WebLimits.pingEveryMs + 5);
    webSocket.Say(EncodePacket({ Type: PacketType.PONG, Stream: 0, Value: 99n }));
    expect(channel.RoundTripMs()).toBe(0);
    webSocket.Say(EncodePacket({ Type: PacketType.PONG, Stream: 0, Value: 2n }));
    expect(channel.RoundTripMs()).toBe(5);
  });

  test("get their time anew when the page was frozen over the answer", () => {
    const far = Greet(webSocket);
    vi.advanceTimersByTime(WebLimits.pingEveryMs);
    // Time passes and no timer runs.
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + 60_000);
    vi.advanceTimersByTime(WebLimits.pingEveryMs);
    expect(heard).toEqual(["ready"]);
    Exchange(far, webSocket);
    vi.restoreAllMocks();
    expect(heard).toEqual(["ready"]);
  });

  describe("of a tab long hidden, whose timers run once a minute", () => {
    let tickMinute: () => void;
    beforeEach(() => {
      const now = performance.now.bind(performance);
      let aheadMs = 0;
      vi.spyOn(performance, "now").mockImplementation(() => now() + aheadMs);
      tickMinute = () => {
        aheadMs += 60_000 - WebLimits.pingEveryMs;
        vi.advanceTimersByTime(WebLimits.pingEveryMs);
      };
    });
    afterEach(() => void vi.restoreAllMocks());

    test("keep it as long as they are answered", () => {
      const far = Greet(webSocket);
      for (let i = 0; i < 10; i++) {
        tickMinute();
        expect(typesSent()).toEqual([PacketType.PING]);
        Exchange(far, webSocket);
      }
      expect([heard, channel.RoundTripMs()]).toEqual([["ready"], 0]);
    });

    test("without an answer end it two minutes later", () => {
      Greet(webSocket);
      tickMinute();
      tickMinute();
      expect([typesSent(), heard]).toEqual([[PacketType.PING], ["ready"]]);
      tickMinute();
      expect(heard).toEqual(["ready", "ended"]);
    });
  });

  test("are never sent to a plain server", () => {
    webSocket.Accept("");
    webSocket.Say(EncodePacket({ Type: PacketType.CONTINUE, Stream: 0, Credit: 8 }));
    vi.advanceTimersByTime(10 * WebLimits.pongTimeoutMs);
    expect([webSocket.Sent, heard, channel.RoundTripMs()]).toEqual([[], ["ready"], null]);
  });
});

test("nothing is sent into a WebSocket that is not open", () => {
  channel.Pump();
  Greet(webSocket);
  channel.ReadyMux()?.Ping(7n);
  webSocket.readyState = 2;
  channel.Pump();
  expect(typesSent()).toEqual([]);
  webSocket.readyState = 1;
  channel.Pump();
  expect(typesSent()).toEqual([PacketType.PING]);
});
