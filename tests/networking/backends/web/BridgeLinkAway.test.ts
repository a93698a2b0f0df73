import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BridgeLink, LinkState } from "../../../../networking/backends/web/BridgeLink.ts";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { ByteRing } from "../../../../networking/core/ByteRing.ts";
import { SetNetLog } from "../../../../networking/core/NetLog.ts";
import type { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";
import type { FakeWebSocket } from "./FakeWebSocket.ts";
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

describe("a bridge that goes", () => {
  const goAway = (far: BridgeMux, retryAfterMs = 1_000, webSocket = Latest()): void => {
    far.GoAway(25_000, retryAfterMs);
    Exchange(far, webSocket);
  };

  test("keeps its streams, while the next link waits for what it was told", () => {
    link.Use();
    const far = Greet();
    const old = Latest();
    link.ReadyMux()?.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
    goAway(far);
    expect([heard, link.ReadyMux(), link.State()]).toEqual([["ready"], null, LinkState.IDLE]);
    link.Use();
    expect(link.State()).toBe(LinkState.WAITING);
    vi.advanceTimersByTime(1_000 + WebLimits.backoffMinMs);
    expect(Fake.Made).toHaveLength(2);
    Greet();
    expect([heard, old.readyState]).toEqual([["ready", "ready"], 1]);
    old.Die();
    expect(heard).toEqual(["ready", "ready", "closed"]);
  });

  test("is left when nothing is open there any more", () => {
    link.Use();
    const far = Greet();
    const old = Latest();
    goAway(far);
    link.Pump();
    expect([old.readyState, heard]).toEqual([2, ["ready"]]);
  });

  test("one too many ends the oldest", () => {
    const sockets: FakeWebSocket[] = [];
    for (let i = 0; i <= WebLimits.maxLeaving; i++) {
      link.Use();
      vi.advanceTimersByTime(WebLimits.backoffMaxMs);
      const far = Greet();
      link.ReadyMux()?.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
      sockets.push(Latest());
      goAway(far, 0);
    }
    expect(sockets.map(({ readyState }) => readyState)).toEqual([2, 1, 1]);
    link.Close();
    expect(sockets.map(({ readyState }) => readyState)).toEqual([2, 2, 2]);
  });

  test("cannot keep the page away for ever", () => {
    link.Use();
    goAway(Greet(), 2 ** 32 - 1);
    link.Use();
    vi.advanceTimersByTime(2 * WebLimits.backoffMaxMs);
    expect(Fake.Made).toHaveLength(2);
  });
});

describe("Hurry", () => {
  test("makes the attempt that waits at once, and the next one's wait short", () => {
    for (let i = 0; i < 8; i++) {
      link.Use();
      vi.advanceTimersByTime(WebLimits.backoffMaxMs);
      Latest().Die();
      Latest().Die();
    }
    const before = Fake.Made.length;
    link.Use();
    link.Hurry();
    expect(Fake.Made.length).toBe(before + 1);
    link.Hurry();
    expect(Fake.Made.length).toBe(before + 1);
  });

  test("opens nothing that nobody waits for", () => {
    link.Hurry();
    expect(Fake.Made).toEqual([]);
  });
});

describe("what is said about a bridge that does not take the page", () => {
  const lines: string[] = [];
  const attempt = (): void => {
    link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    Latest().Die();
    if (link.State() === LinkState.OPENING) Latest().Die();
  };
  beforeEach(() => {
    lines.length = 0;
    const add = (text: string): void => void lines.push(text);
    SetNetLog({ Info: add, Warn: add, Error: add });
  });
  afterEach(() => SetNetLog(null));

  test("is said once per series of attempts, with its address", () => {
    attempt();
    attempt();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(url);
  });

  test("is not said about a link that was ready and died", () => {
    link.Use();
    Greet();
    Latest().Die();
    expect(lines).toEqual([]);
    attempt();
    expect(lines).toHaveLength(1);
  });
});
