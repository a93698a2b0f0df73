/** Connects, and reads in each tick what is there. The bytes say where they belong. */
import { Node } from "../../../engine/index.ts";
import type { SocketError, Status } from "../../../networking/index.ts";
import { StreamPeerTCP } from "../../../networking/index.ts";
import { FillPattern } from "../../bench/bridge/Pattern.ts";

const roomBytes = 65_536;

export interface ReaderFacts {
  readonly Status: Status;
  readonly LastError: SocketError;
  readonly Received: number;
  /** Every byte so far was the one that belongs there. */
  readonly Right: boolean;
  /** Bytes that the page has and nobody has read. */
  readonly Waiting: number;
}

export class Reader extends Node {
  readonly #port: number;
  readonly #peer = new StreamPeerTCP();
  readonly #room = new Uint8Array(roomBytes);
  #received = 0;
  #right = true;

  /** @param port of the far end. */
  constructor(port: number) {
    super();
    this.#port = port;
  }

  override Ready(): void {
    this.#peer.ConnectToHost("127.0.0.1", this.#port);
  }

  override Process(): void {
    const { Received } = this.#peer.GetPartialData(this.#room);
    const expected = FillPattern(this.#received, Received);
    this.#right &&= expected.every((byte, at) => byte === this.#room[at]);
    this.#received += Received;
  }

  Look(): ReaderFacts {
    return {
      Status: this.#peer.GetStatus(),
      LastError: this.#peer.GetLastError(),
      Received: this.#received,
      Right: this.#right,
      Waiting: this.#peer.GetAvailableBytes(),
    };
  }
}
