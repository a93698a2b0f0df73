/** A WebSocket whose far end is the test: it opens, speaks and closes when the test says so. */
import type { WebSocketConstructor } from "../../../../networking/backends/web/BridgeLink.ts";
import { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";

type Listener = (event: { data?: unknown }) => void;

export class FakeWebSocket {
  /** All that were made since `Reset`, in order. */
  static Made: FakeWebSocket[] = [];
  readonly OPEN = 1;
  readonly Url: string;
  readonly Protocols: readonly string[];
  readonly Sent: Uint8Array[] = [];
  readonly bufferedAmount = 0;
  binaryType = "";
  protocol = "";
  readyState = 0;
  readonly #listeners = new Map<string, Listener>();

  constructor(url: string, protocols: string[] = []) {
    if (url === "not a url") throw new SyntaxError("The URL is invalid.");
    this.Url = url;
    this.Protocols = protocols;
    FakeWebSocket.Made.push(this);
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, listener);
  }

  send(message: Uint8Array): void {
    this.Sent.push(message);
  }

  close(): void {
    this.readyState = 2;
  }

  /** The server accepts, with one of the subprotocols or none. */
  Accept(protocol: string): void {
    this.readyState = 1;
    this.protocol = protocol;
    this.#listeners.get("open")?.({});
  }

  Say(message: Uint8Array): void {
    this.#listeners.get("message")?.({ data: message.slice().buffer });
  }

  /** Something else than the memory of one message. */
  SayAs(data: unknown): void {
    this.#listeners.get("message")?.({ data });
  }

  /** The connection ends, or was never one. */
  Die(): void {
    this.readyState = 3;
    this.#listeners.get("error")?.({});
    this.#listeners.get("close")?.({});
  }
}

export const FakeConstructor = FakeWebSocket as unknown as WebSocketConstructor;

/** The latest one. */
export function Latest(): FakeWebSocket {
  const webSocket = FakeWebSocket.Made.at(-1);
  if (webSocket === undefined) throw new Error("No WebSocket was made.");
  return webSocket;
}

/** The server takes MWX; from now on the test has its mux. */
export function Greet(webSocket: FakeWebSocket = Latest()): BridgeMux {
  webSocket.Accept("mwx1");
  const far = new BridgeMux(2, () => undefined);
  Exchange(far, webSocket);
  return far;
}

/** Carries what both want to say until neither does. */
export function Exchange(far: BridgeMux, webSocket: FakeWebSocket = Latest()): void {
  let [out, into] = [far.NextMessage(), webSocket.Sent.shift()];
  while (out !== null || into !== undefined) {
    if (out !== null) webSocket.Say(out);
    if (into !== undefined) far.Receive(into);
    [out, into] = [far.NextMessage(), webSocket.Sent.shift()];
  }
}
