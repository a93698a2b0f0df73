import { afterEach, expect, test } from "vitest";
import { ParseAddress } from "../../../networking/gridmate/DriverAddress.ts";
import { StreamSocketDriver } from "../../../networking/gridmate/StreamSocketDriver.ts";
import { StreamSocketDriverEventsBus } from "../../../networking/gridmate/StreamSocketDriverEventsBus.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Diary } from "./Diary.ts";

const log = CaptureNetLog();
const address = ParseAddress("10.0.0.1|1")!;
const { Global } = StreamSocketDriverEventsBus;

const diaries: Diary[] = [];
afterEach(() => {
  for (const diary of diaries.splice(0)) diary.BusDisconnect();
});

function diary(bus: StreamSocketDriverEventsBus): Diary {
  const made = new Diary(bus);
  diaries.push(made);
  return made;
}

test("a handler hears its bus, and no other", () => {
  const [one, two] = [new StreamSocketDriverEventsBus(), new StreamSocketDriverEventsBus()];
  const handler = diary(one);
  one.Raise("OnConnectionEstablished", address);
  two.Raise("OnConnectionEstablished", address);
  expect(handler.Lines).toEqual([`+${address}`]);
});

test("Global hears all, after those who listen to the one", () => {
  const [one, two] = [new StreamSocketDriverEventsBus(), new StreamSocketDriverEventsBus()];
  const order: string[] = [];
  diary(Global).OnEstablished = () => order.push("global");
  diary(one).OnEstablished = () => order.push("one");
  one.Raise("OnConnectionEstablished", address);
  two.Raise("OnConnectionEstablished", address);
  expect(order).toEqual(["one", "global", "global"]);
});

test("a handler listens to one bus at a time, until it no longer does", () => {
  const [one, two] = [new StreamSocketDriverEventsBus(), new StreamSocketDriverEventsBus()];
  const handler = diary(one);
  handler.BusConnect(two);
  expect(handler.BusIsConnected()).toBe(true);
  one.Raise("OnConnectionEstablished", address);
  expect(handler.Lines).toEqual([]);
  handler.BusDisconnect();
  handler.BusDisconnect();
  expect(handler.BusIsConnected()).toBe(false);
  two.Raise("OnConnectionEstablished", address);
  expect(handler.Lines).toEqual([]);
});

test("a driver stands for its bus", () => {
  const driver = new StreamSocketDriver();
  const handler = new Diary(driver);
  driver.EventsBus.Raise("OnConnectionEstablished", address);
  expect(handler.Lines).toEqual([`+${address}`]);
});

test("what is no driver is refused with a sentence", () => {
  const handler = new StreamSocketDriverEventsBus.Handler();
  for (const wrong of [null, undefined, {}, 7]) {
    expect(() => handler.BusConnect(wrong as unknown as StreamSocketDriver)).toThrow(
      /takes a driver/,
    );
  }
  expect(handler.BusIsConnected()).toBe(false);
});

test("a handler that overrides nothing is content", () => {
  const bus = new StreamSocketDriverEventsBus();
  const handler = new StreamSocketDriverEventsBus.Handler();
  handler.BusConnect(bus);
  bus.Raise("OnConnectionEstablished", address);
  bus.Raise("OnConnectionDisconnected", address);
  expect(log).toEqual([]);
});

test("an event that a handler causes reaches everybody after the present one", () => {
  const bus = new StreamSocketDriverEventsBus();
  const [first, second] = [diary(bus), diary(bus)];
  first.OnEstablished = () => bus.Raise("OnConnectionDisconnected", address);
  bus.Raise("OnConnectionEstablished", address);
  expect(second.Lines).toEqual([`+${address}`, `-${address}`]);
  expect(second.Mistakes).toEqual([]);
});

test("who connects during an event waits for the next; who disconnects hears it no more", () => {
  const bus = new StreamSocketDriverEventsBus();
  const first = diary(bus);
  const leaving = diary(bus);
  const coming = diary(Global);
  first.OnEstablished = () => {
    leaving.BusDisconnect();
    coming.BusConnect(bus);
  };
  bus.Raise("OnConnectionEstablished", address);
  expect(leaving.Lines).toEqual([]);
  expect(coming.Lines).toEqual([]);
  bus.Raise("OnConnectionDisconnected", address);
  expect(coming.Lines).toEqual([`-${address}`]);
});

test("a handler that throws is logged, and stops nobody", () => {
  const bus = new StreamSocketDriverEventsBus();
  diary(bus).OnEstablished = () => {
    throw new Error("no time");
  };
  const calm = diary(bus);
  bus.Raise("OnConnectionEstablished", address);
  bus.Raise("OnConnectionDisconnected", address);
  expect(calm.Lines).toEqual([`+${address}`, `-${address}`]);
  expect(log).toEqual([
    "error A handler of OnConnectionEstablished for 10.0.0.1|1 threw: Error: no time",
  ]);
});
