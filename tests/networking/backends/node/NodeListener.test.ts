import { expect, test } from "vitest";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import type { BackendListener } from "../../../../networking/core/NetBackend.ts";
import { ListenerPhase, SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { UseNetwork } from "../../../Support/Network.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const network = UseNetwork();

function listen(port = 0, backlog = 4): BackendListener {
  const listener = network.Backend.Listen({
    Address: new IpAddress("127.0.0.1"),
    Port: port,
    Backlog: backlog,
    InboundBufferBytes: 1_024,
    OutboundBufferBytes: 1_024,
  });
  network.Ending(() => listener.Close());
  return listener;
}

test("the system's answer is there when the call returns", () => {
  const listener = listen();
  expect(listener.Phase()).toBe(ListenerPhase.LISTENING);
  const port = listener.Local()?.Port ?? 0;
  expect(port).toBeGreaterThan(0);
  const second = listen(port);
  expect(second.Phase()).toBe(ListenerPhase.CLOSED);
  expect(second.Failure()).toBe(SocketError.ADDRESS_IN_USE);
  expect(second.Local()).toBeNull();
});

test("connections are taken in the order in which they came", async () => {
  const listener = listen();
  const ports: number[] = [];
  for (let i = 0; i < 3; i++) {
    const plain = network.PlainClient(listener.Local()?.Port ?? 0);
    await WaitFor(() => listener.Pending() === i + 1, "a connection");
    ports.push(plain.Socket.localPort ?? 0);
  }
  const taken = ports.map(() => listener.Take());
  for (const socket of taken) network.Ending(() => socket?.Abort());
  expect(taken.map((socket) => socket?.Phase())).toEqual(ports.map(() => SocketPhase.OPEN));
  expect(taken.map((socket) => socket?.Remote()?.Port)).toEqual(ports);
  expect(listener.Take()).toBeNull();
});

test("a handler hears of a connection that waits", async () => {
  const listener = listen();
  let heard = 0;
  listener.OnActivity(() => (heard += listener.Pending()));
  network.PlainClient(listener.Local()?.Port ?? 0);
  await WaitFor(() => heard > 0, "the handler");
});

test("closing frees the port at once and resets who was not taken", async () => {
  const listener = listen();
  const port = listener.Local()?.Port ?? 0;
  const plain = network.PlainClient(port);
  await WaitFor(() => listener.Pending() === 1, "a connection");
  listener.Close();
  listener.Close();
  expect(listen(port).Phase()).toBe(ListenerPhase.LISTENING);
  await WaitFor(() => plain.Closed, "the reset");
  expect(plain.Failure).toBe("ECONNRESET");
});
