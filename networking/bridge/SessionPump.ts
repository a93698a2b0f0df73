/**
 * Gives one WebSocket what its mux has, as fast as the WebSocket takes it, and stops reading it
 * while too much waits for targets. The send callback, never a timer, says when to go on, so what
 * waits for a slow page is at most `sendHighBytes`, a message and the rings. What is sent in one
 * run, for however many streams, goes to the system in one call.
 */
import type { Writable } from "node:stream";
import type { WebSocket } from "ws";
import type { BridgeMux } from "../mux/BridgeMux.ts";
import type { Message } from "../mux/Packet.ts";
import type { SessionContext } from "./BridgeSession.ts";

export class SessionPump {
  readonly #webSocket: WebSocket;
  readonly #mux: BridgeMux;
  readonly #context: SessionContext;
  readonly #raw: Writable | null;
  #corked = false;
  #pumping = false;
  #pumpAgain = false;
  #stalled = false;
  #progressAtMs: number;

  /** @param raw the connection under the WebSocket; null sends each message by itself. */
  constructor(
    webSocket: WebSocket,
    mux: BridgeMux,
    context: SessionContext,
    raw: Writable | null = null,
  ) {
    this.#webSocket = webSocket;
    this.#mux = mux;
    this.#context = context;
    this.#raw = raw;
    this.#progressAtMs = context.Backend.Now();
  }

  /** The mux may have something to send: sends it, up to the high mark. */
  Pump(): void {
    this.#pumpAgain = true;
    if (this.#pumping || this.#stalled) return;
    this.#pumping = true;
    while (this.#pumpAgain) {
      this.#pumpAgain = false;
      this.#sendAll();
    }
    this.#pumping = false;
  }

  /** A message was read: no further one while a plain client's bytes fill the memory. */
  HoldWhenFull(): void {
    if (this.#mux.WaitingCost() >= this.#context.Limits.plainWaitingBytes) this.#webSocket.pause();
  }

  /** How long something has waited of which the WebSocket takes nothing; 0 when nothing waits. */
  StalledMs(nowMs: number): number {
    if (this.#webSocket.bufferedAmount === 0) this.#progressAtMs = nowMs;
    return nowMs - this.#progressAtMs;
  }

  #sendAll(): void {
    const { Limits, Counters, Frames } = this.#context;
    const { sendHighBytes, plainWaitingBytes } = Limits;
    while (this.#webSocket.readyState === this.#webSocket.OPEN) {
      if (this.#webSocket.bufferedAmount >= sendHighBytes) {
        this.#stalled = true;
        return;
      }
      const message = this.#mux.NextMessage(Frames.Take);
      if (message === null) break;
      Counters.BytesToPages += message.length;
      this.#cork();
      this.#webSocket.send(message, () => this.#onSent(message));
    }
    if (this.#webSocket.isPaused && this.#mux.WaitingCost() <= plainWaitingBytes / 2) {
      this.#webSocket.resume();
    }
  }

  /** Until the end of this run. */
  #cork(): void {
    const raw = this.#raw;
    if (raw === null || this.#corked) return;
    this.#corked = true;
    raw.cork();
    queueMicrotask(() => {
      this.#corked = false;
      raw.uncork();
    });
  }

  #onSent(message: Message): void {
    const { Backend, Limits, Frames } = this.#context;
    Frames.Give(message);
    this.#progressAtMs = Backend.Now();
    if (!this.#stalled || this.#webSocket.bufferedAmount > Limits.sendLowBytes) return;
    this.#stalled = false;
    this.Pump();
  }
}
