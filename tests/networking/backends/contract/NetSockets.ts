/** Contract: the bare socket, whose codes say more than the stream's. */
import { expect, test } from "vitest";
import type { NetSocketOptions } from "../../../../networking/core/NetSocketOptions.ts";
import { Protocol } from "../../../../networking/core/NetSocketOptions.ts";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason } from "../../../../networking/core/Status.ts";
import { ExpectBytes, Pattern, Succeed, small, smallRings } from "./Bytes.ts";
import type { FarPeer } from "./Harness.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS, BUSY, FILE_EOF, SOCKET_INVALID, CONNECTION_CLOSED, CONNECTION_RESET } =
  SocketError;
const one = Uint8Array.of(1);

export function NetSocketCases(scene: Scene): void {
  function socket(options: NetSocketOptions = {}): NetSocket {
    return scene.Closing(new NetSocket({ Backend: scene.Harness.Backend, ...options }));
  }

  async function pair(options: NetSocketOptions = {}): Promise<[NetSocket, FarPeer]> {
    const server = await scene.FarServer();
    const near = socket(options);
    Succeed(near.ConnectToHost(home, server.Port));
    await untilPhase(near, SocketPhase.OPEN);
    return [near, await scene.Peer(server)];
  }

  function untilPhase(near: NetSocket, phase: SocketPhase): Promise<void> {
    return scene.Until(() => {
      near.Poll();
      return near.GetPhase() === phase;
    }, `phase ${phase}`);
  }

  test("that is not open answers SOCKET_INVALID", () => {
    const near = socket();
    expect(near.IsOpen()).toBe(false);
    expect(near.Poll()).toBe(SOCKET_INVALID);
    expect(near.Send(one)).toEqual({ Result: SOCKET_INVALID, BytesSent: 0 });
    expect(near.Receive(one.slice())).toEqual({ Result: SOCKET_INVALID, Received: 0 });
    expect(near.Shutdown()).toBe(SOCKET_INVALID);
    expect(near.SetNoDelay(true)).toBe(SOCKET_INVALID);
    expect(near.Accept()).toBeNull();
  });

  test("opens once, until it is closed", () => {
    const near = socket();
    expect(near.Open(Protocol.TCP)).toBe(SUCCESS);
    expect(near.Open()).toBe(SocketError.ALREADY_INIT);
    expect(near.IsOpen()).toBe(true);
    expect(near.Poll()).toBe(SUCCESS);
    near.Close();
    expect(near.IsOpen()).toBe(false);
    expect(near.Open()).toBe(SUCCESS);
  });

  test("that connects is BUSY", async () => {
    const { Host, Port } = await scene.Harness.Silent();
    const near = socket();
    expect(near.ConnectToHost(Host, Port)).toBe(SUCCESS);
    expect(near.ConnectToHost(Host, Port)).toBe(SocketError.ALREADY_INIT);
    expect(near.Bind(0)).toBe(SocketError.ALREADY_INIT);
    expect(near.Send(one)).toEqual({ Result: BUSY, BytesSent: 0 });
    expect(near.Receive(one.slice())).toEqual({ Result: BUSY, Received: 0 });
    expect(near.Shutdown()).toBe(SOCKET_INVALID);
    expect(near.Poll()).toBe(SUCCESS);
    expect(near.GetPhase()).toBe(SocketPhase.CONNECTING);
    expect(near.GetRemotePort()).toBe(0);
  });

  test.each([0, 1, small - 1, small, small + 1])("sends %d bytes as far as they fit", async (n) => {
    const [near, far] = await pair(smallRings);
    const fits = Math.min(n, small);
    expect(near.Send(Pattern(n))).toEqual({ Result: SUCCESS, BytesSent: fits });
    await scene.UntilHeard(far, fits);
    ExpectBytes(far.Received(), Pattern(fits));
  });

  test("receives what is there, and is BUSY when nothing is", async () => {
    const [near, far] = await pair();
    const buffer = new Uint8Array(8);
    expect(near.Receive(buffer)).toEqual({ Result: BUSY, Received: 0 });
    expect(near.Receive(new Uint8Array(0))).toEqual({ Result: SUCCESS, Received: 0 });
    far.Send(Pattern(5));
    await scene.Until(() => near.GetAvailableBytes() === 5, "five bytes");
    expect(near.Receive(buffer)).toEqual({ Result: SUCCESS, Received: 5 });
    ExpectBytes(buffer.subarray(0, 5), Pattern(5));
    expect(near.Receive(buffer)).toEqual({ Result: BUSY, Received: 0 });
  });

  test("gives FILE_EOF behind the last byte of a peer that finished", async () => {
    const [near, far] = await pair();
    far.Send(Pattern(2));
    far.Finish();
    await scene.Until(() => near.Poll() === SUCCESS && near.IsPeerFinished(), "FIN");
    expect(near.IsAtEnd()).toBe(false);
    expect(near.Receive(new Uint8Array(8))).toEqual({ Result: SUCCESS, Received: 2 });
    expect(near.IsAtEnd()).toBe(true);
    expect(near.Receive(new Uint8Array(8))).toEqual({ Result: FILE_EOF, Received: 0 });
    expect(near.Send(one)).toEqual({ Result: SUCCESS, BytesSent: 1 });
    await scene.UntilHeard(far, 1);
  });

  test("gives CONNECTION_RESET behind the last byte of a peer that reset", async () => {
    const [near, far] = await pair();
    far.Send(Pattern(2));
    await scene.Until(() => near.GetAvailableBytes() === 2, "two bytes");
    far.Reset();
    await untilPhase(near, SocketPhase.CLOSED);
    expect(near.Poll()).toBe(CONNECTION_RESET);
    expect(near.GetFailure()).toBe(CONNECTION_RESET);
    expect(near.GetCloseReason()).toBe(CloseReason.RESET);
    expect(near.Receive(new Uint8Array(8))).toEqual({ Result: SUCCESS, Received: 2 });
    expect(near.Receive(new Uint8Array(8))).toEqual({ Result: CONNECTION_RESET, Received: 0 });
    expect(near.Send(one)).toEqual({ Result: CONNECTION_CLOSED, BytesSent: 0 });
  });

  test("that has shut down sends no more, and ends with the peer", async () => {
    const [near, far] = await pair();
    near.Send(Pattern(9));
    expect(near.Shutdown()).toBe(SUCCESS);
    expect(near.Shutdown()).toBe(SUCCESS);
    expect(near.Send(one)).toEqual({ Result: CONNECTION_CLOSED, BytesSent: 0 });
    await scene.Until(() => far.IsFinished(), "our FIN");
    ExpectBytes(far.Received(), Pattern(9));
    far.Finish();
    await untilPhase(near, SocketPhase.CLOSED);
    expect(near.Poll()).toBe(SUCCESS);
    expect(near.GetCloseReason()).toBe(CloseReason.PEER);
    expect(near.Receive(one.slice())).toEqual({ Result: FILE_EOF, Received: 0 });
  });

  test.each(["Close", "Destroy"] as const)("%s makes it as new", async (verb) => {
    const [near, far] = await pair();
    near.Send(Pattern(9));
    near[verb]();
    near[verb]();
    expect(near.IsOpen()).toBe(false);
    expect(near.GetPhase()).toBe(SocketPhase.IDLE);
    expect(near.GetRemotePort()).toBe(0);
    expect(near.GetLocalPort()).toBe(0);
    await scene.Until(() => (verb === "Close" ? far.IsFinished() : far.WasReset()), "the end");
    const server = await scene.FarServer();
    expect(near.ConnectToHost(home, server.Port)).toBe(SUCCESS);
    await untilPhase(near, SocketPhase.OPEN);
  });

  test("tells its handler of what happens, from the event loop", async () => {
    const [near, far] = await pair();
    let [calls, inside] = [0, false];
    near.OnActivity(() => {
      expect(inside).toBe(false);
      calls++;
    });
    await scene.NewRun();
    for (const act of [() => far.Send(Pattern(3)), () => far.Finish()]) {
      const before = calls;
      inside = true;
      act();
      near.Poll();
      inside = false;
      await scene.Until(() => calls > before, "a call");
    }
    near.OnActivity(null);
    const last = calls;
    near.Send(Pattern(3));
    await scene.UntilHeard(far, 3);
    expect(calls).toBe(last);
  });
}
