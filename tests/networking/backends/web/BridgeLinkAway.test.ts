import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LinkState } from "../../../../networking/backends/web/BridgeLink.ts";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { ByteRing } from "../../../../networking/core/ByteRing.ts";
import { SetNetLog } from "../../../../networking/core/NetLog.ts";
import type { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";
import type { FakeWebSocket } from "./FakeWebSocket.ts";
import { Exchange, FakeWebSocket as Fake, Greet, Latest } from "./FakeWebSocket.ts";
import { BridgeUrl, UseLink } from "./UseFakes.ts";

const stage = UseLink();
const heard = stage.Heard;

describe("a bridge that goes", () => {
  const goAway = (far: BridgeMux, retryAfterMs = 1_000, webSocket = Latest()): void => {
    far.GoAway(25_000, retryAfterMs);
    Exchange(far, webSocket);
  };

  test("keeps its streams, while the next link waits for what it was told", () => {
    stage.Link.Use();
    const far = Greet();
    const old = Latest();
    stage.Link.ReadyMux()?.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
    goAway(far);
    expect([heard, stage.Link.ReadyMux(), stage.Link.State()]).toEqual([
      ["ready"],
      null,
      LinkState.IDLE,
    ]);
    stage.Link.Use();
    expect(stage.Link.State()).toBe(LinkState.WAITING);
    vi.advanceTimersByTime(1_000 + WebLimits.backoffMinMs);
    expect(Fake.Made).toHaveLength(2);
    Greet();
    expect([heard, old.readyState]).toEqual([["ready", "ready"], 1]);
    old.Die();
    expect(heard).toEqual(["ready", "ready", "closed"]);
  });

  test("is left when nothing is open there any more", () => {
    stage.Link.Use();
    const far = Greet();
    const old = Latest();
    goAway(far);
    stage.Link.Pump();
    expect([old.readyState, heard]).toEqual([2, ["ready"]]);
  });

  test("one too many ends the oldest", () => {
    const sockets: FakeWebSocket[] = [];
    for (let i = 0; i <= WebLimits.maxLeaving; i++) {
      stage.Link.Use();
      vi.advanceTimersByTime(WebLimits.backoffMaxMs);
      const far = Greet();
      stage.Link.ReadyMux()?.Connect("a", 80, ByteRing.Create(256), ByteRing.Create(256));
      sockets.push(Latest());
      goAway(far, 0);
    }
    expect(sockets.map(({ readyState }) => readyState)).toEqual([2, 1, 1]);
    stage.Link.Close();
    expect(sockets.map(({ readyState }) => readyState)).toEqual([2, 2, 2]);
  });

  test("cannot keep the page away for ever", () => {
    stage.Link.Use();
    goAway(Greet(), 2 ** 32 - 1);
    stage.Link.Use();
    vi.advanceTimersByTime(2 * WebLimits.backoffMaxMs);
    expect(Fake.Made).toHaveLength(2);
  });
});

describe("Hurry", () => {
  test("makes the attempt that waits at once, and the next one's wait short", () => {
    for (let i = 0; i < 8; i++) {
      stage.Link.Use();
      vi.advanceTimersByTime(WebLimits.backoffMaxMs);
      Latest().Die();
      Latest().Die();
    }
    const before = Fake.Made.length;
    stage.Link.Use();
    stage.Link.Hurry();
    expect(Fake.Made.length).toBe(before + 1);
    stage.Link.Hurry();
    expect(Fake.Made.length).toBe(before + 1);
  });

  test("opens nothing that nobody waits for", () => {
    stage.Link.Hurry();
    expect(Fake.Made).toEqual([]);
  });
});

describe("what is said about a bridge that does not take the page", () => {
  const lines: string[] = [];
  const attempt = (): void => {
    stage.Link.Use();
    vi.advanceTimersByTime(WebLimits.backoffMaxMs);
    Latest().Die();
    if (stage.Link.State() === LinkState.OPENING) Latest().Die();
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
    expect(lines[0]).toContain(BridgeUrl);
  });

  test("is not said about a link that was ready and died", () => {
    stage.Link.Use();
    Greet();
    Latest().Die();
    expect(lines).toEqual([]);
    attempt();
    expect(lines).toHaveLength(1);
  });
});
