import { expect, test } from "vitest";
import { SharedSocket } from "../../../../../networking/backends/node/SharedSocket.ts";
import { Inlet } from "../../../../../networking/backends/node/thread/Inlet.ts";
import { Pattern } from "../../../../Support/Network.ts";

/** An inlet into a ring, and a system that reads `bytes` for it. */
function setUp(ringBytes: number, readBytes: number): { Shared: SharedSocket; Inlet: Inlet } {
  const shared = SharedSocket.Create(ringBytes, 16);
  return { Shared: shared, Inlet: new Inlet(shared, readBytes) };
}

/** As the system does it: into the offered buffer if there is one. @returns whether to go on. */
function read(inlet: Inlet, bytes: Uint8Array): boolean {
  const offered = inlet.NextBuffer();
  if (offered === null) {
    const buffer = bytes.slice();
    const goesOn = inlet.Receive(buffer, buffer.length);
    buffer.fill(0xee); // the shared buffer is somebody else's after the call
    return goesOn;
  }
  offered.set(bytes);
  return inlet.Receive(offered, bytes.length);
}

function all({ Inbound }: SharedSocket): Uint8Array {
  const bytes = new Uint8Array(Inbound.Used());
  Inbound.Read(bytes);
  return bytes;
}

test("small reads are copied; large ones land in the ring while it has room for another", () => {
  const { Shared, Inlet: inlet } = setUp(64, 16);
  expect(inlet.NextBuffer()).toBeNull();
  read(inlet, Pattern(7));
  expect(inlet.NextBuffer()).toBeNull();
  read(inlet, Pattern(8, 7));
  expect(inlet.NextBuffer()?.length).toBe(49);
  for (let got = 15; got < 63; got += 16) read(inlet, Pattern(16, got));
  expect(inlet.NextBuffer()).toBeNull(); // one byte is left
  expect(all(Shared)).toEqual(Pattern(63));
});

test("what does not fit waits, in order, whatever else comes before reading stops", () => {
  const { Shared, Inlet: inlet } = setUp(10, 100);
  expect(read(inlet, Pattern(10))).toBe(true);
  expect([inlet.HasSpill(), Shared.IsPaused()]).toEqual([false, false]);
  expect(read(inlet, Pattern(11, 10))).toBe(false);
  expect([inlet.HasSpill(), Shared.IsPaused()]).toEqual([true, true]);
  expect(all(Shared)).toEqual(Pattern(10));
  // Room has come free, but reading is stopped: it goes on by Unspill alone.
  expect(read(inlet, Pattern(5, 21))).toBe(false);
  expect(inlet.Unspill()).toBe(false);
  expect(all(Shared)).toEqual(Pattern(10, 10));
  expect(inlet.Unspill()).toBe(true);
  expect(all(Shared)).toEqual(Pattern(6, 20));
  expect([inlet.HasSpill(), Shared.IsPaused()]).toEqual([false, false]);
  expect(read(inlet, Pattern(3, 26))).toBe(true);
});

test("a reader that makes room in between neither passes the spill nor is forgotten", () => {
  const { Shared, Inlet: inlet } = setUp(10, 100);
  const got: number[] = [];
  const { Inbound } = Shared;
  const write = Inbound.Write.bind(Inbound);
  // The game thread empties the ring right after each write, as only another thread can.
  Inbound.Write = (...data) => {
    const taken = write(...data);
    got.push(...all(Shared));
    return taken;
  };
  expect(read(inlet, Pattern(25))).toBe(false);
  while (!inlet.Unspill()) expect(Shared.IsPaused()).toBe(true);
  expect(read(inlet, Pattern(5, 25))).toBe(true);
  expect(Uint8Array.from(got)).toEqual(Pattern(30));
});

test("more is likely after a large read into a ring that is less than half full", () => {
  const { Inlet: inlet } = setUp(64, 16);
  read(inlet, Pattern(7));
  expect(inlet.IsMoreLikely()).toBe(false);
  read(inlet, Pattern(16, 7));
  expect(inlet.IsMoreLikely()).toBe(true);
  read(inlet, Pattern(8, 23));
  expect(inlet.IsMoreLikely()).toBe(true);
  read(inlet, Pattern(8, 31));
  expect(inlet.IsMoreLikely()).toBe(false);
});

test("everything unread can be taken out, and what nobody wants dropped", () => {
  const { Shared, Inlet: inlet } = setUp(10, 100);
  read(inlet, Pattern(25));
  expect(inlet.TakeAll(8)).toEqual(Pattern(25));
  expect([inlet.HasSpill(), Shared.IsPaused(), Shared.Inbound.Used()]).toEqual([false, false, 0]);
  read(inlet, Pattern(4));
  expect(inlet.NextBuffer()).toBeNull(); // 6 bytes are left, less than a read of 8
  read(inlet, Pattern(9, 4));
  inlet.Drop();
  expect([inlet.HasSpill(), Shared.IsPaused()]).toEqual([false, false]);
});

test("spills of many sockets, large and small, are each their own", () => {
  const inlets = Array.from({ length: 40 }, () => setUp(10, 100));
  for (let round = 0; round < 3; round++) {
    const size = (i: number): number => 20 + i * 3_000 * round;
    for (const [i, { Inlet: inlet }] of inlets.entries()) read(inlet, Pattern(size(i), i));
    for (const [i, { Shared, Inlet: inlet }] of inlets.entries()) {
      const got = [...all(Shared)];
      while (!inlet.Unspill()) got.push(...all(Shared));
      got.push(...all(Shared));
      expect(Buffer.compare(Uint8Array.from(got), Pattern(size(i), i))).toBe(0);
    }
  }
});
