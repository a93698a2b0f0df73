import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidJSONError, UnsupportedProtocolError } from "../../../networking/toolkit/Errors.ts";
import type { JsonLines, JsonOptions } from "../../../networking/toolkit/JsonLines.ts";
import { ConnectJson, EncodeJsonLine } from "../../../networking/toolkit/JsonLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

interface Pair {
  readonly Lines: JsonLines;
  readonly Plain: PlainPeer;
}

async function pair(options: JsonOptions = {}): Promise<Pair> {
  const server = await network.PlainServer();
  const lines = await ConnectJson("127.0.0.1", server.Port, {
    backend: network.Backend,
    ...options,
  });
  network.Ending(() => void lines.Close());
  return { Lines: lines, Plain: await server.Peer() };
}

/** Everything up to the peer's end. */
async function receiveAll(lines: JsonLines): Promise<unknown[]> {
  const values: unknown[] = [];
  for (;;) {
    const value = await lines.Receive();
    if (value === undefined) return values;
    values.push(value);
  }
}

describe("received lines", () => {
  test("several in one segment are several values, with empty lines and CR LF between", async () => {
    const { Lines, Plain } = await pair();
    Plain.Send('{"a":1}\n[2]\r\n\n \r\n"three"\n4\nnull\n');
    Plain.Socket.end();
    expect(await receiveAll(Lines)).toEqual([{ a: 1 }, [2], "three", 4, null]);
  });

  test("a character and a value that are split come out whole", async () => {
    const { Lines, Plain } = await pair();
    const bytes = Buffer.from('{"name":"Zoë 😀"}\n');
    const received = Lines.Receive();
    for (const byte of bytes) {
      Plain.Send(Uint8Array.of(byte));
      await NextRun();
    }
    expect(await received).toEqual({ name: "Zoë 😀" });
  });

  test("the last one counts without its end", async () => {
    const { Lines, Plain } = await pair();
    Plain.Socket.end('{"a":1}\n{"b":2}');
    expect(await receiveAll(Lines)).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test.each([
    ["text", Buffer.from("hello\n")],
    ["half a value", Buffer.from('{"a":\n')],
    ["two values", Buffer.from("1 2\n")],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xc3, 0x28, 0x22, 0x0a])],
    ["more nesting than fits", Buffer.from(`${"[".repeat(200_000)}\n`)],
  ])("%s is an InvalidJSONError with a cause, and the next line is read", async (_name, line) => {
    const { Lines, Plain } = await pair();
    Plain.Send(line);
    Plain.Send("true\n");
    const error = await Lines.Receive().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidJSONError);
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(await Lines.Receive()).toBe(true);
  });

  test.each([
    [9, true],
    [10, true],
    [11, false],
  ])("of %d bytes at a limit of 10", async (length, fits) => {
    const { Lines, Plain } = await pair({ maxLineBytes: 10 });
    Plain.Send(`"${"x".repeat(length - 2)}"\n`);
    if (fits) expect(await Lines.Receive()).toBe("x".repeat(length - 2));
    else {
      await expect(Lines.Receive()).rejects.toThrow(UnsupportedProtocolError);
      await WaitFor(() => Plain.Closed, "the connection to end");
    }
  });

  test("an endless line is given up at the limit, not collected", async () => {
    const { Lines, Plain } = await pair({ maxLineBytes: 1_000 });
    Plain.Send("x".repeat(100_000));
    await expect(Lines.Receive()).rejects.toThrow(UnsupportedProtocolError);
  });
});

describe("sent values", () => {
  test("are one line each, in order, and End lets answers come", async () => {
    const { Lines, Plain } = await pair();
    await Promise.all([Lines.Send({ text: "a\nb" }), Lines.Send("😀"), Lines.Send(null)]);
    await Lines.End();
    await WaitFor(() => Plain.Ended, "the end of sending");
    expect(Plain.Received.toString()).toBe('{"text":"a\\nb"}\n"😀"\nnull\n');
    Plain.Socket.end("1\n");
    expect(await receiveAll(Lines)).toEqual([1]);
  });

  const circle: { self?: unknown } = {};
  circle.self = circle;
  test.each([
    ["a bigint", 1n],
    ["a circle", circle],
    ["a function", () => undefined],
    ["undefined", undefined],
  ])("%s is an InvalidJSONError, and nothing is sent", async (_name, value) => {
    const { Lines, Plain } = await pair();
    await expect(Lines.Send(value)).rejects.toThrow(InvalidJSONError);
    await Lines.Send("next");
    await Plain.WaitReceived(7);
    expect(Plain.Text()).toBe('"next"\n');
  });
});

test("any JSON makes the round trip as one line", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const line = EncodeJsonLine(value);
      expect(line.indexOf("\n")).toBe(line.length - 1);
      expect(JSON.stringify(JSON.parse(line))).toBe(JSON.stringify(value));
    }),
  );
});
