import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ConnectionTimeoutError } from "../../../networking/toolkit/Errors.ts";
import { SendTcpBytes, SendTcpMessage } from "../../../networking/toolkit/TcpClient.ts";
import type { SendOptions } from "../../../networking/toolkit/TcpClient.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Rejection } from "./Peers.ts";

const network = UseNetwork();

/** A plain server as people write it: by default it ends when its client does. */
async function serve(onClient: (socket: Socket) => void, allowHalfOpen = false): Promise<number> {
  const server: Server = createServer({ allowHalfOpen }, (socket) => {
    socket.on("error", () => undefined);
    network.Ending(() => socket.destroy());
    onClient(socket);
  });
  server.listen(0, "127.0.0.1");
  await WaitFor(() => server.listening, "a plain listener");
  network.Ending(() => server.close());
  return (server.address() as AddressInfo).port;
}

function send(port: number, text: string, options: SendOptions = {}): Promise<string> {
  return SendTcpMessage("127.0.0.1", port, text, { backend: network.Backend, ...options });
}

describe("the reply is complete", () => {
  it("when the peer closes", async () => {
    const port = await serve((socket) => socket.on("data", (data) => socket.end(`Echo: ${data}`)));
    expect(await send(port, "añ€😀")).toBe("Echo: añ€😀");
  });

  it("when a peer that keeps the connection hears that nothing more comes", async () => {
    const port = await serve((socket) => socket.on("data", (data) => socket.write(data)));
    expect(await send(port, "again and again")).toBe("again and again");
  });

  it("when a peer that reads to the end first has answered", async () => {
    const port = await serve((socket) => {
      let all = "";
      socket.on("data", (data) => (all += data.toString()));
      socket.on("end", () => socket.end(`${all.length} characters`));
    }, true);
    expect(await send(port, "x".repeat(300_000), { halfCloseAfter: 0 })).toBe("300000 characters");
    expect(await send(port, "abc", { halfCloseAfter: 20 })).toBe("3 characters");
  });

  it("although a slow peer would take an early half close for a close", async () => {
    const port = await serve((socket) => {
      socket.on("data", () => setTimeout(() => socket.write("slow answer"), 30));
    });
    expect(await send(port, "x")).toBe("slow answer");
  });

  it("without a word from a peer that only listens", async () => {
    const port = await serve((socket) => socket.resume());
    expect(await send(port, "x", { halfCloseAfter: 20 })).toBe("");
  });

  it("after replyGap, for a peer that never ends", async () => {
    const port = await serve((socket) => {
      socket.on("data", () => {
        socket.write("one ");
        setTimeout(() => socket.write("two"), 20);
      });
    }, true);
    expect(await send(port, "x", { replyGap: 200 })).toBe("one two");
  });

  it("when all of a large one has come, byte for byte", async () => {
    const reply = Buffer.alloc(5_000_000, "0123456789");
    const port = await serve((socket) => socket.on("data", () => socket.end(reply)));
    const bytes = await SendTcpBytes("127.0.0.1", port, new Uint8Array([0]), {
      backend: network.Backend,
    });
    expect(Buffer.compare(bytes, reply)).toBe(0);
  });
});

describe("rejects", () => {
  it("when the peer does not end in time, and says so", async () => {
    const port = await serve((socket) => socket.on("data", () => socket.write("part")), true);
    const error = await Rejection(send(port, "x", { timeout: 60 }));
    expect(error).toBeInstanceOf(ConnectionTimeoutError);
    expect(error.message).toBe(`127.0.0.1:${port} was not done within 60 ms.`);
  });

  it("when the peer falls silent for the idle time", async () => {
    const port = await serve((socket) => socket.resume(), true);
    const error = await Rejection(send(port, "x", { idleTimeout: 30 }));
    expect(error).toBeInstanceOf(ConnectionTimeoutError);
  });

  it.each([
    [9, "ok"],
    [10, "ok"],
    [11, "refused"],
  ])("a reply of %i bytes of at most 10: %s", async (length, outcome) => {
    const port = await serve((socket) => socket.on("data", () => socket.end("x".repeat(length))));
    const sending = send(port, "x", { maxBytes: 10 });
    if (outcome === "ok") expect((await sending).length).toBe(length);
    else expect((await Rejection(sending)).Code).toBe(SocketError.LIMIT_REACHED);
  });

  it("when the peer resets in the middle of its reply", async () => {
    const port = await serve((socket) => {
      socket.on("data", () => socket.write("half of", () => socket.resetAndDestroy()));
    });
    expect((await Rejection(send(port, "x"))).Code).toBe(SocketError.CONNECTION_RESET);
  });

  it("when the signal aborts; a hundred sends may share one", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    let clients = 0;
    const port = await serve(() => clients++);
    const controller = new AbortController();
    const sends = Array.from({ length: 100 }, () => {
      return Rejection(send(port, "x", { signal: controller.signal }));
    });
    await WaitFor(() => clients === 100, "all of them");
    const reason = new Error("enough");
    controller.abort(reason);
    const errors = await Promise.all(sends);
    expect(errors.every((error) => error.cause === reason)).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  it("with a TypeError for what is not to be sent", async () => {
    await expect(send(1, 5 as never)).rejects.toThrow(TypeError);
    await expect(SendTcpBytes("127.0.0.1", 1, "x" as never)).rejects.toThrow(TypeError);
    await expect(send(1, "x", { timeout: 0 })).rejects.toThrow(TypeError);
  });
});
