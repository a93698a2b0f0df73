import { describe, expect, test } from "vitest";
import {
  ConnectionTimeoutError,
  EasySocketError,
  InvalidJSONError,
} from "../../../networking/toolkit/Errors.ts";
import type { SendJsonOptions } from "../../../networking/toolkit/JsonLinesClient.ts";
import { SendJson } from "../../../networking/toolkit/JsonLinesClient.ts";
import { UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

/** Sends to a plain server. @returns the call under way, and the server's end of it */
async function send(
  value: unknown,
  options: SendJsonOptions = {},
): Promise<{ readonly Reply: Promise<unknown>; readonly Plain: PlainPeer }> {
  const server = await network.PlainServer();
  const reply = SendJson("127.0.0.1", server.Port, value, { backend: network.Backend, ...options });
  reply.catch(() => undefined); // looked at later
  return { Reply: reply, Plain: await server.Peer() };
}

test("sends one line and returns the one that comes, whatever follows it", async () => {
  const { Reply, Plain } = await send({ question: "6 × 7" });
  await WaitFor(() => Plain.Text().endsWith("\n"), "the question");
  expect(Plain.Received.toString()).toBe('{"question":"6 × 7"}\n');
  Plain.Send('{"answer":42}\n{"more":true}\n');
  expect(await Reply).toEqual({ answer: 42 });
  await WaitFor(() => Plain.Ended, "the end");
});

test("a peer that ends without a word is undefined", async () => {
  const { Reply, Plain } = await send(1);
  Plain.Socket.end();
  expect(await Reply).toBeUndefined();
});

describe("rejects", () => {
  test("with InvalidJSONError for a reply that is none, with its cause", async () => {
    const { Reply, Plain } = await send(1);
    Plain.Send("<html>\n");
    const error = await Reply.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidJSONError);
    expect((error as Error).cause).toBeInstanceOf(SyntaxError);
    await WaitFor(() => Plain.Ended, "the end");
  });

  test("with InvalidJSONError before it connects for a value that is none", async () => {
    await expect(SendJson("127.0.0.1", 1, 1n)).rejects.toThrow(InvalidJSONError);
  });

  test("with ConnectionTimeoutError for a silent peer", async () => {
    const { Reply } = await send(1, { timeout: 50 });
    await expect(Reply).rejects.toThrow(ConnectionTimeoutError);
  });

  test("with EasySocketError when its signal aborts", async () => {
    const end = new AbortController();
    const { Reply } = await send(1, { signal: end.signal });
    end.abort();
    await expect(Reply).rejects.toThrow(EasySocketError);
  });
});
