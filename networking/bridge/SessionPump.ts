/**
 * Gives one WebSocket what its mux has, as fast as the WebSocket takes it, and stops reading it
 * while too much waits for targets. The send callback, never a timer, says when to go on, so what
 * waits for a slow page is at most `sendHighBytes` and the rings.
 */
import type { WebSocket } from "ws";
import type { BridgeMux } from "../mux/BridgeMux.ts";
import type { SessionContext } from "./BridgeSession.ts";

export class SessionPump {
  readonly #webSocket: WebSocket;
  readonly #mux: BridgeMux;
  readonly #context: SessionContext;
  #pumping = false;
  #pumpAgain = false;
  #stalled = false;
  #progressAtMs: number;

  constructor(webSocket: WebSocket, mux: BridgeMux, context: SessionContext) {
    this.#webSocket = webSocket;
    this.#mux = mux;
    this.#context = context;
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
    const { Limits, Counters } = this.#context;
    const { sendHighBytes, plainWaitingBytes } = Limits;
    while (this.#webSocket.readyState === this.#webSocket.OPEN) {
      if (this.#webSocket.bufferedAmount >= sendHighBytes) {
        this.#stalled = true;
        return;
      }
      const message = this.#mux.NextMessage();
      if (message === null) break;
      Counters.BytesToPages += message.length;
      this.#webSocket.send(message, this.#onSent);
    }
    if (this.#webSocket.isPaused && this.#mux.WaitingCost() <= plainWaitingBytes / 2) {
      this.#webSocket.resume();
    }
  }

  readonly #onSent = (): void => {
    const { Backend, Limits } = this.#context;
    this.#progressAtMs = Backend.Now();
    if (!this.#stalled || this.#webSocket.bufferedAmount > Limits.sendLowBytes) return;
    this.#stalled = false;
    this.Pump();
  };
}
