import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ConnectionTable } from "../../../networking/gridmate/ConnectionTable.ts";
import type { DriverAddress } from "../../../networking/gridmate/DriverAddress.ts";
import { ParseAddress } from "../../../networking/gridmate/DriverAddress.ts";
import { DriverConnection } from "../../../networking/gridmate/DriverConnection.ts";
import { DriverSizesOf } from "../../../networking/gridmate/DriverSizes.ts";
import { StreamPhase } from "../../../networking/gridmate/DriverStream.ts";
import { StreamSocketDriverEventsBus } from "../../../networking/gridmate/StreamSocketDriverEventsBus.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { Diary } from "./Diary.ts";
import { FakeStream } from "./FakeStream.ts";

const log = CaptureNetLog();
const sizes = DriverSizesOf(4, 1_000, 1_000, 1_000);

class Scene {
  readonly Bus = new StreamSocketDriverEventsBus();
  readonly Table = new ConnectionTable(this.Bus);
  readonly Diary = new Diary(this.Bus);

  Add(port: number, isIncoming = true): { stream: FakeStream; connection: DriverConnection } {
    const stream = new FakeStream();
    const connection = new DriverConnection(address(port), stream, isIncoming, sizes);
    this.Table.Add(connection);
    return { stream, connection };
  }

  /** One that stands. */
  Join(port: number): { stream: FakeStream; connection: DriverConnection } {
    const made = this.Add(port);
    made.stream.Phase = StreamPhase.OPEN;
    this.Table.Poll(made.connection);
    return made;
  }
}

function address(port: number): DriverAddress {
  return ParseAddress(`10.0.0.1|${port}`)!;
}

test("it finds, counts, and tells who stands and who is gone", () => {
  const scene = new Scene();
  const { Table, Diary: diary } = scene;
  const { stream, connection } = scene.Add(1);
  expect([Table.Count(), Table.CountEstablished()]).toEqual([1, 0]);
  expect(Table.Find(address(1))).toBe(connection);
  expect(Table.Find(address(2))).toBeNull();
  expect(Table.Find(null)).toBeNull();
  stream.Phase = StreamPhase.OPEN;
  Table.PollAll();
  expect([Table.Count(), Table.CountEstablished()]).toEqual([1, 1]);
  stream.End(SocketError.CONNECTION_RESET);
  Table.PollAll();
  expect([Table.Count(), Table.CountEstablished()]).toEqual([0, 0]);
  expect(Table.GetLastError(address(1))).toBe(SocketError.CONNECTION_RESET);
  expect(diary.Lines).toEqual(["+10.0.0.1|1", "-10.0.0.1|1"]);
});

test("a client of ours that fails is logged, one that came in is not", () => {
  const scene = new Scene();
  scene.Add(91).stream.End(SocketError.CONNECTION_RESET);
  scene.Add(92, false).stream.End(SocketError.TIMED_OUT);
  scene.Table.PollAll();
  expect(log).toEqual(["warn The driver could not connect to 10.0.0.1|92: TIMED_OUT."]);
  expect(scene.Table.Count()).toBe(0);
  expect(scene.Diary.Lines).toEqual([]);
});

test("packets are given in turn", () => {
  const scene = new Scene();
  const [one, two] = [scene.Join(1), scene.Join(2)];
  one.stream.Bytes.PutData(Uint8Array.of(0, 1, 11, 0, 1, 12));
  two.stream.Bytes.PutData(Uint8Array.of(0, 1, 21));
  scene.Table.PollAll();
  const buffer = new Uint8Array(1);
  const taken: number[] = [];
  for (let i = 0; i < 3; i++) {
    const next = scene.Table.NextWithPacket()!;
    expect(next.Take(buffer, 1)).toBe(1);
    scene.Table.WaitsAgain(next);
    taken.push(buffer[0]!);
  }
  expect(taken).toEqual([11, 21, 12]);
  expect(scene.Table.NextWithPacket()).toBeNull();
});

test("a packet that comes with the connection can be had at once", () => {
  const scene = new Scene();
  const { stream, connection } = scene.Add(1);
  stream.Phase = StreamPhase.OPEN;
  stream.Bytes.PutData(Uint8Array.of(0, 1, 11));
  scene.Table.PollAll();
  expect(scene.Table.NextWithPacket()).toBe(connection);
});

test("who is closed waits no longer, and is told before the next news", () => {
  const scene = new Scene();
  const { stream, connection } = scene.Join(1);
  stream.Bytes.PutData(Uint8Array.of(0, 1, 11));
  scene.Table.PollAll();
  scene.Table.Close(connection);
  expect(scene.Table.NextWithPacket()).toBeNull();
  expect(scene.Diary.Lines).toEqual(["+10.0.0.1|1"]);
  scene.Table.TellDeparted();
  scene.Join(1);
  expect(scene.Diary.Lines).toEqual(["+10.0.0.1|1", "-10.0.0.1|1", "+10.0.0.1|1"]);
  expect(scene.Diary.Mistakes).toEqual([]);
});

test("who is closed before it stood is not told", () => {
  const scene = new Scene();
  scene.Add(1);
  scene.Join(2);
  scene.Table.CloseAll(() => true);
  scene.Table.TellDeparted();
  expect(scene.Diary.Lines).toEqual(["+10.0.0.1|2", "-10.0.0.1|2"]);
});

test("some can be closed", () => {
  const scene = new Scene();
  scene.Join(1);
  const { connection } = scene.Join(2);
  scene.Table.CloseAll((one) => one !== connection);
  expect(scene.Table.Find(address(2))).toBe(connection);
  expect(scene.Table.Count()).toBe(1);
});

test("a handler may close others, and bring new ones, while all are polled", () => {
  const scene = new Scene();
  const [first, second] = [scene.Add(1), scene.Add(2)];
  first.stream.Phase = second.stream.Phase = StreamPhase.OPEN;
  scene.Diary.OnEstablished = (who) => {
    if (who !== address(1)) return;
    scene.Table.Close(second.connection);
    scene.Add(3).stream.Phase = StreamPhase.OPEN;
  };
  scene.Table.PollAll();
  expect(scene.Diary.Lines).toEqual(["+10.0.0.1|1", "+10.0.0.1|3"]);
  expect(scene.Table.Count()).toBe(2);
});

test("reasons can be set, and the last one counts", () => {
  const { Table } = new Scene();
  expect(Table.GetLastError(address(1))).toBe(SocketError.SUCCESS);
  Table.SetLastError(address(1), SocketError.TIMED_OUT);
  expect(Table.GetLastError(address(1))).toBe(SocketError.TIMED_OUT);
  Table.SetLastError(address(1), SocketError.SUCCESS);
  expect(Table.GetLastError(address(1))).toBe(SocketError.SUCCESS);
});
