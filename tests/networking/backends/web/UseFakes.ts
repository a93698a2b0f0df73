/** Links and backends over FakeWebSockets, on fake timers; new for each test, and ended with it. */
import { afterEach, beforeEach, vi } from "vitest";
import { BridgeLink } from "../../../../networking/backends/web/BridgeLink.ts";
import { WebBackend } from "../../../../networking/backends/web/WebBackend.ts";
import { FakeConstructor, FakeWebSocket } from "./FakeWebSocket.ts";

export const BridgeUrl = "ws://bridge.example/bridge/";

export interface LinkStage {
  Link: BridgeLink;
  /** What the owner heard, in order. */
  readonly Heard: string[];
}

/** The backoff of its link waits as long as it may, and the link leaves no timer behind. */
export function UseLink(): LinkStage {
  const stage: LinkStage = { Link: newLink([]), Heard: [] };
  beforeEach(() => {
    vi.useFakeTimers();
    vi.spyOn(Math, "random").mockReturnValue(1);
    FakeWebSocket.Made = [];
    stage.Heard.length = 0;
    stage.Link = newLink(stage.Heard);
  });
  afterEach(() => {
    stage.Link.Close();
    if (vi.getTimerCount() > 0) throw new Error("The link left a timer behind.");
    vi.restoreAllMocks();
    vi.useRealTimers();
  });
  return stage;
}

export function UseWebBackend(): { Backend: WebBackend } {
  const stage = { Backend: newBackend() };
  beforeEach(() => {
    vi.useFakeTimers();
    FakeWebSocket.Made = [];
    stage.Backend = newBackend();
  });
  afterEach(() => {
    stage.Backend.Disconnect();
    vi.useRealTimers();
  });
  return stage;
}

function newLink(heard: string[]): BridgeLink {
  const link: BridgeLink = new BridgeLink(BridgeUrl, FakeConstructor, {
    Ready: (mux) => heard.push(mux.CanConnect() ? "ready" : "ready too early"),
    Lost: () => heard.push(link.ReadyMux() === null ? "lost" : "lost too early"),
    OnMux: (_mux, { Kind }) => heard.push(Kind),
    Ended: () => undefined,
  });
  return link;
}

function newBackend(): WebBackend {
  return new WebBackend({ Url: BridgeUrl, WebSocket: FakeConstructor });
}
