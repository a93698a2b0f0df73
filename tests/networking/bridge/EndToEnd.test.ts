/**
 * The whole way: StreamPeerTCP in a page's backend, WebSocket, bridge, network thread, and a plain
 * `node:net` peer at the far end.
 */
import { createHash, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { WebBackend } from "../../../networking/backends/web/WebBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { Pattern, ReadAll, UseNetwork, WaitAvailable, WaitStatus } from "../../Support/Network.ts";
import type { PlainPeer } from "../../Support/PlainPeer.ts";
import { SilentListener } from "../../Support/SilentListener.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { TestBridge } from "./UseBridge.ts";
import { NewPage, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const { STATUS_NONE, STATUS_CONNECTING, STATUS_CONNECTED, STATUS_ERROR } = Status;

interface Joined {
  readonly bridge: TestBridge;
  readonly page: WebBackend;
  readonly stream: StreamPeerTCP;
  readonly plain: PlainPeer;
}

async function join(reading = true): Promise<Joined> {
  const bridge = await StartBridge(network);
  const target = await network.PlainServer("127.0.0.1", reading);
  const page = bridge.Page();
  const stream = bridge.PageStream(page);
  expect(stream.ConnectToHost("127.0.0.1", target.Port)).toBe(SocketError.SUCCESS);
  expect(stream.GetStatus()).toBe(STATUS_CONNECTING);
  await WaitStatus(stream, STATUS_CONNECTED);
  return { bridge, page, stream, plain: await target.Peer() };
}

/** Connects, expects that it fails, and gives the code. */
async function failure(bridge: TestBridge, host: string, port: number): Promise<number> {
  const stream = bridge.PageStream();
  expect(stream.ConnectToHost(host, port)).toBe(SocketError.SUCCESS);
  await WaitStatus(stream, STATUS_ERROR);
  return stream.GetLastError();
}

function sha256(data: Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

describe("bytes", () => {
  test("one byte goes there and back, and both addresses are known", async () => {
    const { stream, plain, page } = await join();
    stream.PutU8(42);
    await plain.WaitReceived(1);
    plain.Send(plain.Received);
    await WaitAvailable(stream, 1);
    expect(stream.GetU8()).toBe(42);
    expect(stream.GetConnectedHost().ToString()).toBe("127.0.0.1");
    expect(stream.GetLocalPort()).toBe(plain.Socket.remotePort);
    expect(page.RoundTripMs()).toBeGreaterThan(0);
  });

  test("10 MiB each way at once arrive as they went", async () => {
    const { stream, plain } = await join(false);
    const [up, down] = [randomBytes(10_485_760), randomBytes(10_485_760)];
    const received = createHash("sha256");
    plain.Socket.on("data", (bytes: Buffer) => received.update(bytes));
    plain.Socket.write(down);
    const part = 32_768;
    const sending = (async () => {
      for (let at = 0; at < up.length; at += part) {
        expect(await stream.PutDataAsync(up.subarray(at, at + part))).toBe(SocketError.SUCCESS);
      }
    })();
    const got = createHash("sha256");
    for (let at = 0; at < down.length; at += part)
      got.update((await stream.GetDataAsync(part)).Data);
    await sending;
    stream.Shutdown();
    await WaitFor(() => plain.Ended, "the end of stream at the target");
    expect([got.digest("hex"), received.digest("hex")]).toEqual([sha256(down), sha256(up)]);
  });

  test("a page that does not read stops the target, and reads everything later", async () => {
    const { stream, plain } = await join();
    const total = 16 * 1_048_576;
    plain.Socket.end(Buffer.alloc(total, "x"));
    await WaitAvailable(stream, 65_536);
    expect(plain.Socket.writableLength).toBeGreaterThan(0);
    let read = 0;
    await WaitFor(() => {
      read += ReadAll(stream).length;
      return stream.GetStatus() === STATUS_NONE;
    }, "the end of the stream");
    expect([read, stream.GetCloseReason()]).toEqual([total, CloseReason.PEER]);
  });

  test("two streams of one page do not wait for each other", async () => {
    const { bridge, page, stream, plain } = await join();
    const other = bridge.PageStream(page);
    const target = await network.PlainServer();
    other.ConnectToHost("127.0.0.1", target.Port);
    plain.Send(new Uint8Array(1_048_576));
    await WaitAvailable(stream, 65_536);
    await WaitStatus(other, STATUS_CONNECTED);
    (await target.Peer()).Send("quick");
    await WaitAvailable(other, 5);
    expect(bridge.Server.SessionCount()).toBe(1);
  });
});

describe("endings", () => {
  test("a half close reaches the target, which still answers", async () => {
    const { stream, plain } = await join();
    stream.PutData(Pattern(50_000));
    stream.Shutdown();
    await WaitFor(() => plain.Ended, "the page's end of stream");
    expect(sha256(plain.Received)).toBe(sha256(Pattern(50_000)));
    plain.Socket.end("answer");
    await WaitAvailable(stream, 6);
    expect(Buffer.from(ReadAll(stream)).toString()).toBe("answer");
    await WaitStatus(stream, STATUS_NONE);
  });

  test("the target's half close leaves the page able to send", async () => {
    const { stream, plain } = await join();
    plain.Socket.end("bye");
    await WaitAvailable(stream, 3);
    expect(stream.PutData(Pattern(10))).toBe(SocketError.SUCCESS);
    await plain.WaitReceived(10);
  });

  test("DisconnectFromHost sends what was accepted first", async () => {
    const { stream, plain } = await join();
    stream.PutData(Pattern(60_000));
    stream.DisconnectFromHost();
    expect(stream.GetStatus()).toBe(STATUS_NONE);
    await WaitFor(() => plain.Ended, "the page's end of stream");
    expect([plain.Received.length, plain.Failure]).toEqual([60_000, ""]);
  });

  test("Abort resets the target, and the target's reset ends in ERROR", async () => {
    const first = await join();
    first.stream.Abort();
    await WaitFor(() => first.plain.Closed, "the target's end");
    expect(first.plain.Failure).toBe("ECONNRESET");
    const second = await join();
    second.plain.Socket.resetAndDestroy();
    await WaitStatus(second.stream, STATUS_ERROR);
    expect(second.stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
    expect(second.stream.GetCloseReason()).toBe(CloseReason.RESET);
  });

  test("the bridge's end ends every stream with CONNECTION_RESET", async () => {
    const { bridge, stream } = await join();
    await bridge.Server.Stop();
    await WaitStatus(stream, STATUS_ERROR);
    expect(stream.GetLastError()).toBe(SocketError.CONNECTION_RESET);
  });

  test("after a loss the next connection opens a new link", async () => {
    const { bridge, page, stream, plain } = await join();
    const Port = bridge.Server.Port();
    await bridge.Server.Stop();
    await WaitStatus(stream, STATUS_ERROR);
    await StartBridge(network, { Dev: true, Port });
    const again = bridge.PageStream(page);
    again.ConnectToHost("127.0.0.1", plain.Socket.localPort ?? 0);
    await WaitStatus(again, STATUS_CONNECTED);
    expect(again.GetConnectedPort()).toBe(plain.Socket.localPort);
  });
});

describe("failures have the codes that they have on Node.js", () => {
  test("refused", async () => {
    const target = await network.PlainServer();
    const port = target.Port;
    target.Stop();
    await WaitFor(() => !target.Peers.length, "nobody at the port");
    expect(await failure(await StartBridge(network), "127.0.0.1", port)).toBe(
      SocketError.CONNECTION_REFUSED,
    );
  });

  test("denied, by address and by name, without a word about why", async () => {
    const bridge = await StartBridge(network);
    expect(await failure(bridge, "192.168.77.1", 80)).toBe(SocketError.POLICY_DENIED);
    expect(await failure(bridge, "game.example.com", 80)).toBe(SocketError.POLICY_DENIED);
  });

  test("a target that never answers is TIMED_OUT", async () => {
    const silent = await SilentListener.Start();
    const Limits = { connectTimeoutMs: 100, lookupTimeoutMs: 100 };
    const bridge = await StartBridge(network, { Dev: true, Limits });
    expect(await failure(bridge, "127.0.0.1", silent.Port)).toBe(SocketError.TIMED_OUT);
    await silent.Stop();
  });

  test("no bridge at all is HOST_UNREACHABLE", async () => {
    const page = NewPage(network, "ws://127.0.0.1:1/bridge/");
    const stream = network.Stream({ Backend: page });
    stream.ConnectToHost("127.0.0.1", 80);
    await WaitStatus(stream, STATUS_ERROR);
    expect(stream.GetLastError()).toBe(SocketError.HOST_UNREACHABLE);
  });
});

describe("names", () => {
  test("a target is reached by its name, on its own port", async () => {
    const target = await network.PlainServer();
    const Targets = [`arena=localhost:${target.Port}`];
    const bridge = await StartBridge(network, { Dev: true, Targets });
    const stream = bridge.PageStream();
    stream.ConnectToHost("arena", 1);
    await WaitStatus(stream, STATUS_CONNECTED);
    expect((await target.Peer()).Closed).toBe(false);
  });

  test("a page's lookups go through the bridge and its policy", async () => {
    const bridge = await StartBridge(network);
    const page = bridge.Page();
    const [known, denied] = [page.Lookup("localhost", 4), page.Lookup("game.example.com", 4)];
    await WaitFor(() => known.Done() && denied.Done(), "both lookups");
    expect(known.Addresses().map((address) => address.ToString())).toEqual(["127.0.0.1"]);
    expect(denied.Failure()).toBe(SocketError.POLICY_DENIED);
  });
});
