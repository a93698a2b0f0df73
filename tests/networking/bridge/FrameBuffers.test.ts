import { expect, test } from "vitest";
import { FrameBuffers } from "../../../networking/bridge/FrameBuffers.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";

const frame = MuxLimits.headerBytes + MuxLimits.quantumBytes;

test("a large message's memory is used again for the next, whatever its length", () => {
  const frames = new FrameBuffers(2);
  const first = frames.Take(frame);
  frames.Give(first);
  const second = frames.Take(5_000);
  expect([second.buffer === first.buffer, second.length]).toEqual([true, 5_000]);
  expect(frames.Take(frame).buffer).not.toBe(first.buffer);
});

test("small messages have memory of their own, and others' memory is not kept", () => {
  const frames = new FrameBuffers(2);
  const small = frames.Take(4_095);
  expect([small.length, small.buffer.byteLength]).toEqual([4_095, 4_095]);
  frames.Give(small);
  frames.Give(new Uint8Array(frame + 1));
  expect(frames.Take(4_096).buffer).not.toBe(small.buffer);
  expect(frames.Take(frame + 1).length).toBe(frame + 1);
});

test("so many are kept, and one more is not", () => {
  const frames = new FrameBuffers(2);
  const taken = [1, 2, 3].map(() => frames.Take(frame));
  for (const message of taken) frames.Give(message);
  const again = new Set([1, 2, 3].map(() => frames.Take(frame).buffer));
  expect(taken.map(({ buffer }) => again.has(buffer))).toEqual([true, true, false]);
});
