import { expect, test } from "vitest";
import type { ListenerOwner } from "../../../networking/bridge/BridgeListener.ts";
import { BridgeListener } from "../../../networking/bridge/BridgeListener.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import type { BackendListener, BackendSocket } from "../../../networking/core/NetBackend.ts";
import { ListenerPhase } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { FakeSocket } from "./DialBackend.ts";

const bound = { Address: new IpAddress("127.0.0.1"), Port: 7_400 };

/** A port where the test is the world outside. */
class FakeListener implements BackendListener {
  Waiting: BackendSocket[] = [];
  #phase: ListenerPhase = ListenerPhase.LISTENING;
  #handler: (() => void) | null = null;

  Come(): FakeSocket {
    const socket = new FakeSocket({ InboundBufferBytes: 8, OutboundBufferBytes: 8 });
    this.Waiting.push(socket);
    this.#handler?.();
    return socket;
  }

  Die(): void {
    this.#phase = ListenerPhase.CLOSED;
    this.#handler?.();
  }

  IsHeard(): boolean {
    return this.#handler !== null;
  }

  Phase(): ListenerPhase {
    return this.#phase;
  }

  Failure(): SocketError {
    return SocketError.UNAVAILABLE;
  }

  Local() {
    return bound;
  }

  Pending(): number {
    return this.Waiting.length;
  }

  Take(): BackendSocket | null {
    return this.Waiting.shift() ?? null;
  }

  Dropped(): number {
    return 3;
  }

  Close(): void {
    this.#phase = ListenerPhase.CLOSED;
  }

  OnActivity(handler: (() => void) | null): void {
    this.#handler = handler;
  }
}

function start(room = Infinity) {
  const fake = new FakeListener();
  const accepted: BackendSocket[] = [];
  const ended: SocketError[] = [];
  const owner: ListenerOwner = {
    Accept: (socket) => accepted.length < room && accepted.push(socket) > 0,
    Ended: (code) => ended.push(code),
  };
  return { fake, accepted, ended, listener: new BridgeListener(fake, bound, owner) };
}

test("what comes in is handed on", () => {
  const { fake, accepted, listener } = start();
  const [one, two] = [fake.Come(), fake.Come()];
  expect(accepted).toEqual([one, two]);
  expect(listener.Dropped()).toBe(3);
});

test("what nobody has room for is reset and counted", () => {
  const { fake, accepted, listener } = start(1);
  const [one, two] = [fake.Come(), fake.Come()];
  expect([accepted, one.Aborted, two.Aborted]).toEqual([[one], false, true]);
  expect(listener.Dropped()).toBe(4);
});

test("an end by itself is told; after Close nothing is", () => {
  const { fake, ended } = start();
  fake.Die();
  expect(ended).toEqual([SocketError.UNAVAILABLE]);
  const closed = start();
  closed.listener.Close();
  expect(closed.fake.IsHeard()).toBe(false);
});
