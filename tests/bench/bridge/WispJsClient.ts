/** wisp-js's own client, in Node. It buffers what the server has no room for, so `Send` waits. */
import type { ClientStream } from "@mercuryworkshop/wisp-js/client";
import { client } from "@mercuryworkshop/wisp-js/client";
import type { WebSocket } from "ws";
import type { Client, Line } from "./Client.ts";
import { Bell } from "./Client.ts";

class WispJsLine implements Line {
  OnBytes: Line["OnBytes"] = () => undefined;
  OnEnd: Line["OnEnd"] = () => undefined;
  readonly #stream: ClientStream;
  readonly #webSocket: WebSocket;
  readonly #continued = new Bell();

  constructor(stream: ClientStream, webSocket: WebSocket) {
    this.#stream = stream;
    this.#webSocket = webSocket;
    stream.onmessage = (bytes) => this.OnBytes(bytes);
    stream.onclose = () => this.OnEnd();
    const receive = stream.continue_received.bind(stream);
    stream.continue_received = (room) => {
      receive(room);
      this.#continued.Ring();
    };
  }

  async Send(bytes: Uint8Array): Promise<void> {
    this.#stream.send(bytes);
    while (this.#stream.send_buffer.length > 0) await this.#continued.Wait();
  }

  /** The client has no way to stop one stream; its WebSocket is what can be stopped. */
  Pause(): void {
    this.#webSocket.pause();
  }

  Resume(): void {
    this.#webSocket.resume();
  }

  Close(): void {
    this.#stream.close(2);
  }
}

export async function WispJsClient(url: string, target: number): Promise<Client> {
  const connection = new client.ClientConnection(url);
  await new Promise<void>((resolve, reject) => {
    connection.onopen = resolve;
    connection.onerror = () => reject(new Error("The wisp-js server is not there."));
  });
  return {
    Open: () => {
      const stream = connection.create_stream("127.0.0.1", target);
      return Promise.resolve(new WispJsLine(stream, connection.ws));
    },
    Close: () => connection.close(),
  };
}
