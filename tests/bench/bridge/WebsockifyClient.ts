/** websockify's protocol is a WebSocket per stream, with the stream's bytes in it. */
import { WebSocket } from "ws";
import type { Client, Line } from "./Client.ts";

/** More than this in the WebSocket's own queue waits. */
const highBytes = 1_048_576;

class WebsockifyLine implements Line {
  OnBytes: Line["OnBytes"] = () => undefined;
  OnEnd: Line["OnEnd"] = () => undefined;
  readonly #webSocket: WebSocket;

  constructor(webSocket: WebSocket) {
    this.#webSocket = webSocket;
    webSocket.on("message", (bytes: Buffer) => this.OnBytes(bytes));
    webSocket.on("close", () => this.OnEnd());
    webSocket.on("error", () => undefined);
  }

  Send(bytes: Uint8Array): Promise<void> {
    const full = this.#webSocket.bufferedAmount > highBytes;
    if (full) return new Promise((resolve) => this.#webSocket.send(bytes, () => resolve()));
    this.#webSocket.send(bytes);
    return Promise.resolve();
  }

  Pause(): void {
    this.#webSocket.pause();
  }

  Resume(): void {
    this.#webSocket.resume();
  }

  Close(): void {
    this.#webSocket.close();
  }
}

export function WebsockifyClient(url: string): Client {
  return {
    // Of a hundred that come at once it leaves some without an answer.
    Open: () => open(url).catch(() => open(url)),
    Close: () => undefined,
  };
}

function open(url: string): Promise<Line> {
  return new Promise((resolve, reject) => {
    const options = { perMessageDeflate: false, handshakeTimeout: 10_000 };
    const webSocket = new WebSocket(url, "binary", options);
    webSocket.once("open", () => resolve(new WebsockifyLine(webSocket)));
    webSocket.once("error", reject);
  });
}
