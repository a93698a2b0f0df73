import { describe, expect, it } from "vitest";
import type { TcpReply } from "../../../networking/toolkit/TcpReply.ts";
import { StartTcpServer } from "../../../networking/toolkit/TcpServer.ts";
import type { TcpHandler } from "../../../networking/toolkit/TcpServer.ts";
import { UseNetwork } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Rejection } from "./Peers.ts";

const network = UseNetwork();

async function client(handler: TcpHandler, reading = true): Promise<PlainPeer> {
  const server = await StartTcpServer(0, handler, {
    host: "127.0.0.1",
    backend: network.Backend,
    grace: 0,
  });
  network.Ending(() => void server.Close());
  return network.PlainClient(server.Port, "127.0.0.1", reading);
}

describe("TcpReply", () => {
  it("sends in order, awaited or not", async () => {
    const plain = await client(async (_data, _address, reply) => {
      void reply.Send("one ");
      void reply.Send(new Uint8Array([116, 119, 111]));
      await reply.Send(" three");
      void reply.Send(` ${"x".repeat(500_000)}`);
      reply.Close();
    });
    plain.Send("go");
    await WaitFor(() => plain.Ended, "the end");
    expect(plain.Text()).toBe(`one two three ${"x".repeat(500_000)}`);
  });

  it("keeps an awaiting handler at the client's pace", async () => {
    let sent = 0;
    const plain = await client(async (_data, _address, reply) => {
      for (; sent < 200; sent++) await reply.Send(new Uint8Array(100_000));
      reply.Close();
    }, false);
    plain.Send("go");
    await WaitFor(() => plain.Socket.readableLength > 0, "the first bytes");
    expect(sent).toBeLessThan(200);
    plain.Read();
    await WaitFor(() => plain.Ended, "the end");
    expect(plain.Received.length).toBe(20_000_000);
  });

  it("closes after the handler call, and hears no more of the client", async () => {
    let calls = 0;
    let kept: TcpReply | null = null;
    const plain = await client((_data, _address, reply) => {
      calls++;
      kept = reply;
      reply.Close();
      void reply.Send("bye");
    });
    plain.Send("first");
    await WaitFor(() => plain.Ended, "the end");
    plain.Send("second");
    plain.Socket.end();
    await WaitFor(() => plain.Closed, "the close");
    expect(plain.Text()).toBe("bye");
    expect(calls).toBe(1);
    expect((await Rejection(kept!.Send("late"))).message).toMatch(
      /^Writing to 127.0.0.1:\d+ failed/,
    );
  });
});
