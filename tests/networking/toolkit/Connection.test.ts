import { describe, expect, it } from "vitest";
import { Limits } from "../../../networking/core/Limits.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import {
  ConnectionTimeoutError,
  UnsupportedProtocolError,
} from "../../../networking/toolkit/Errors.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";
import { ConnectedPair, Rejection, Text } from "./Peers.ts";

const network = UseNetwork();

describe("reading", () => {
  it("gives what is there, at most what is asked for, and null at the end", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const first = Connection.Read(3);
    Plain.Socket.end("abcd");
    expect(Text(await first)).toBe("abc");
    expect(Text(await Connection.Read())).toBe("d");
    expect(await Connection.Read()).toBeNull();
    expect(await Connection.Read()).toBeNull();
    expect(Connection.BytesReceived).toBe(4);
  });

  it("gives an exact number of bytes, however they arrive", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const size = 300_000;
    const reading = Connection.ReadExactly(size);
    for (let i = 0; i < 3; i++) Plain.Send(Buffer.alloc(size / 3, i));
    const bytes = await reading;
    expect([bytes[0], bytes[size / 3], bytes[size - 1]]).toEqual([0, 1, 2]);
    expect(await Connection.ReadExactly(0)).toEqual(new Uint8Array(0));
    await expect(Connection.ReadExactly(-1)).rejects.toThrow(TypeError);
  });

  it("rejects with FILE_EOF when too few come", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    Plain.Socket.end("1234");
    expect((await Rejection(Connection.ReadExactly(5))).Code).toBe(SocketError.FILE_EOF);
    expect((await Rejection(Connection.Read())).Code).toBe(SocketError.FILE_EOF);
  });

  it("gives lines: several in one piece, one in several, the last without its end", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    Plain.Send("one\ntwo\n\nth");
    const lines = [
      await Connection.ReadUntil(10),
      await Connection.ReadUntil(10),
      await Connection.ReadUntil(10),
    ];
    const third = Connection.ReadUntil(10);
    Plain.Socket.end("ree\nrest");
    lines.push(await third, await Connection.ReadUntil(10), await Connection.ReadUntil(10));
    expect(lines.map(Text)).toEqual(["one", "two", "", "three", "rest", null]);
  });

  it("mixes its forms without losing a byte", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    Plain.Socket.end("head\n12345678");
    expect(Text(await Connection.ReadUntil(10))).toBe("head");
    expect(Text(await Connection.ReadExactly(3))).toBe("123");
    expect(Connection.GetAvailableBytes()).toBe(5);
    expect(Text(await Connection.Read(2))).toBe("45");
    expect(Text(await Connection.ReadUntil(55))).toBe("6");
    expect(await Connection.WaitForData()).toBe(true);
    expect(Text(await Connection.Read())).toBe("8");
    expect(await Connection.WaitForData()).toBe(false);
  });

  it.each([
    [9, "at the limit less one"],
    [10, "at the limit"],
  ])("takes a line of %i bytes of 10, %s", async (length) => {
    const { Connection, Plain } = await ConnectedPair(network);
    Plain.Send(`${"x".repeat(length)}\n`);
    expect((await Connection.ReadUntil(10, 10))?.length).toBe(length);
  });

  it.each(["x".repeat(11), `${"x".repeat(11)}\n`])(
    "resets for a line of 11 of 10",
    async (line) => {
      const { Connection, Plain } = await ConnectedPair(network);
      Plain.Send(line);
      const error = await Rejection(Connection.ReadUntil(10, 10));
      expect(error).toBeInstanceOf(UnsupportedProtocolError);
      await WaitFor(() => Plain.Closed, "the reset");
    },
  );

  it("throws a TypeError for what cannot be read", async () => {
    const { Connection } = await ConnectedPair(network);
    const mistakes = [
      Connection.Read(0),
      Connection.Read(Number.NaN),
      Connection.ReadUntil(256),
      Connection.ReadUntil("x" as never),
      Connection.ReadUntil(10, -1),
    ];
    for (const mistake of mistakes) await expect(mistake).rejects.toThrow(TypeError);
  });

  it("serves two readers in their order", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const both = Promise.all([Connection.Read(1), Connection.Read(1)]);
    Plain.Send("12");
    expect((await both).map(Text)).toEqual(["1", "2"]);
  });

  it("rejects with CONNECTION_RESET when the peer resets", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const reading = Connection.Read();
    Plain.Socket.resetAndDestroy();
    expect((await Rejection(reading)).Code).toBe(SocketError.CONNECTION_RESET);
  });

  it("takes maxBytes in all, and resets for one more", async () => {
    const { Connection, Plain } = await ConnectedPair(network, { maxBytes: 10 });
    Plain.Send("0123456789");
    expect(Text(await Connection.ReadExactly(10))).toBe("0123456789");
    Plain.Send("x");
    expect((await Rejection(Connection.Read())).Code).toBe(SocketError.LIMIT_REACHED);
    await WaitFor(() => Plain.Closed, "the reset");
  });
});

describe("writing", () => {
  it("goes at the pace of a slow reader, and nothing is lost", async () => {
    const { Connection, Plain } = await ConnectedPair(network, {}, false);
    const size = 8_000_000;
    let written = false;
    const writing = Connection.Write(new Uint8Array(size).fill(7)).then(() => (written = true));
    await WaitFor(() => Plain.Socket.readableLength > 0, "the first bytes");
    expect(written).toBe(false);
    Plain.Read();
    await writing;
    await Connection.Close();
    await WaitFor(() => Plain.Ended, "the end");
    expect(Plain.Received.length).toBe(size);
    expect(Connection.BytesSent).toBe(size);
  });

  it("resets a peer that takes nothing for the idle time", async () => {
    const { Connection, Plain } = await ConnectedPair(network, { idleTimeout: 100 }, false);
    const error = await Rejection(Connection.Write(new Uint8Array(32_000_000)));
    expect(error).toBeInstanceOf(ConnectionTimeoutError);
    Plain.Read();
    await WaitFor(() => Plain.Closed, "the reset");
  });

  it("is patient with a peer that takes a little, again and again", async () => {
    const idleTimeout = 1_000;
    const { Connection, Plain } = await ConnectedPair(network, { idleTimeout }, false);
    const size = 30_000_000;
    const start = performance.now();
    const writing = Connection.Write(new Uint8Array(size));
    let taken = 0;
    while (performance.now() - start < idleTimeout * 1.2) {
      taken += (Plain.Socket.read() as Buffer | null)?.length ?? 0;
      await NextRun(10);
    }
    Plain.Read();
    await writing;
    await Connection.Flush();
    await WaitFor(() => taken + Plain.Received.length === size, "all of it");
    expect(performance.now() - start).toBeGreaterThan(idleTimeout);
  });

  it("answers long after the peer has finished sending", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    Plain.Socket.end("question");
    expect(Text(await Connection.Read())).toBe("question");
    expect(await Connection.Read()).toBeNull();
    expect(Connection.IsAlive()).toBe(false);
    await Connection.Write("answer");
    await Connection.Close();
    await WaitFor(() => Plain.Ended, "the end");
    expect(Plain.Text()).toBe("answer");
  });

  it("holds 1,024 writes that wait, and resets for one more", async () => {
    const { Connection, Plain } = await ConnectedPair(network, {}, false);
    const first = Rejection(Connection.Write(new Uint8Array(32_000_000)));
    const others = Array.from({ length: Limits.maxWaiters - 1 }, () => Connection.Write("x"));
    expect(Connection.IsAlive()).toBe(true);
    const last = await Rejection(Connection.Write("one more"));
    expect(last.Code).toBe(SocketError.LIMIT_REACHED);
    expect(await first).toBe(last);
    const rest = await Promise.allSettled(others);
    expect(rest.every((write) => write.status === "rejected")).toBe(true);
    Plain.Read();
    await WaitFor(() => Plain.Closed, "the reset");
  });

  it("half closes after all that was written, and reads on", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    void Connection.Write("x".repeat(200_000));
    await Connection.End();
    await WaitFor(() => Plain.Ended, "the half close");
    expect(Plain.Received.length).toBe(200_000);
    Plain.Socket.end("bye");
    expect(Text(await Connection.Read())).toBe("bye");
    const late = await Rejection(Connection.Write("late"));
    expect(late.Code).toBe(SocketError.CONNECTION_CLOSED);
  });

  it("leaves no unhandled rejection when nobody awaits", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    const { Connection, Plain } = await ConnectedPair(network);
    Plain.Socket.resetAndDestroy();
    await WaitFor(() => !Connection.IsAlive(), "the reset");
    void Connection.Write("a");
    void Connection.End();
    void Connection.Flush();
    await Rejection(Connection.Write("b"));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("throws a TypeError for what is neither text nor bytes", async () => {
    const { Connection } = await ConnectedPair(network);
    expect(() => Connection.Write(5 as never)).toThrow(TypeError);
  });
});
