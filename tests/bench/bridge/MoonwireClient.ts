/** The client of a Moonwire bridge: what a page runs, with `ws` in the place of its WebSocket. */
import { WebSocket } from "ws";
import { WebBackend } from "../../../networking/backends/web/WebBackend.ts";
import type { WebSocketConstructor } from "../../../networking/backends/web/BridgeLink.ts";
import { SocketPhase } from "../../../networking/core/NetBackend.ts";
import { NetSocket } from "../../../networking/core/NetSocket.ts";
import { Protocol } from "../../../networking/core/NetSocketOptions.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { Client, Line } from "./Client.ts";
import { Bell } from "./Client.ts";

/** A browser says where its page came from. */
class PageWebSocket extends WebSocket {
  constructor(url: string, protocols: string[]) {
    super(url, protocols, { origin: "http://127.0.0.1", perMessageDeflate: false });
    // A browser has an ArrayBuffer of each message without another copy; what `ws` has is this.
    const set = (): void => undefined;
    Object.defineProperty(this, "binaryType", { get: () => "nodebuffer", set });
  }
}

/** For all lines, since `OnBytes` keeps nothing. */
const buffer = new Uint8Array(65_536);

class MoonwireLine implements Line {
  OnBytes: Line["OnBytes"] = () => undefined;
  OnEnd: Line["OnEnd"] = () => undefined;
  readonly #socket: NetSocket;
  readonly #changed = new Bell();
  #paused = false;
  #ended = false;

  constructor(socket: NetSocket) {
    this.#socket = socket;
    socket.OnActivity(() => this.#onActivity());
  }

  async Opened(): Promise<void> {
    while (this.#socket.GetPhase() < SocketPhase.OPEN) await this.#changed.Wait();
    if (this.#socket.GetFailure() !== SocketError.SUCCESS) throw new Error("A stream was refused.");
  }

  async Send(bytes: Uint8Array): Promise<void> {
    let sent = this.#socket.Send(bytes).BytesSent;
    while (sent < bytes.length && !this.#ended) {
      await this.#changed.Wait();
      sent += this.#socket.Send(bytes.subarray(sent)).BytesSent;
    }
  }

  Pause(): void {
    this.#paused = true;
  }

  Resume(): void {
    this.#paused = false;
    this.#onActivity();
  }

  Close(): void {
    this.#ended = true;
    this.#socket.OnActivity(null);
    this.#socket.Close();
  }

  #onActivity(): void {
    this.#socket.Poll();
    while (!this.#paused && !this.#ended) {
      const { Received } = this.#socket.Receive(buffer);
      if (Received === 0) break;
      this.OnBytes(buffer.subarray(0, Received));
    }
    this.#changed.Ring();
    if (this.#ended || this.#paused || !this.#socket.IsAtEnd()) return;
    this.#ended = true;
    this.OnEnd();
  }
}

export function MoonwireClient(url: string, target: number): Client {
  const backend = new WebBackend({
    Url: url,
    WebSocket: PageWebSocket as unknown as WebSocketConstructor,
  });
  return {
    async Open() {
      const socket = new NetSocket({ Backend: backend });
      socket.Open(Protocol.TCP);
      socket.ConnectToHost("127.0.0.1", target);
      const line = new MoonwireLine(socket);
      await line.Opened();
      return line;
    },
    Close: () => backend.Disconnect(),
  };
}
