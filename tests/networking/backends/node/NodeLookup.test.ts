import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { UseNetwork } from "../../../Support/Network.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const network = UseNetwork();
const waitMs = 5_000;

test("a lookup ends without the event loop, and its handler runs from it", async () => {
  const lookup = network.Backend.Lookup("localhost", 4);
  let told = 0;
  lookup.OnDone(() => told++);
  expect(network.Backend.Block(() => lookup.Done(), waitMs)).toBe(true);
  expect(lookup.Failure()).toBe(SocketError.SUCCESS);
  expect(lookup.Addresses().map((address) => address.ToString())).toEqual(["127.0.0.1"]);
  expect(told).toBe(0);
  await WaitFor(() => told === 1, "the handler");
});

test("whoever asks for the end later is told, too", async () => {
  const lookup = network.Backend.Lookup("localhost", 4);
  network.Backend.Block(() => lookup.Done(), waitMs);
  let told = false;
  lookup.OnDone(() => (told = true));
  expect(told).toBe(false);
  await WaitFor(() => told, "the handler");
});

test("a name that nobody knows is CANT_RESOLVE without addresses", () => {
  const lookup = network.Backend.Lookup("no-such-host.invalid", 0);
  expect(network.Backend.Block(() => lookup.Done(), waitMs)).toBe(true);
  expect(lookup.Failure()).toBe(SocketError.CANT_RESOLVE);
  expect(lookup.Addresses()).toEqual([]);
});
