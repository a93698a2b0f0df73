/** Contract: the bare socket opened for UDP, whose codes say more than the packet peer's. */
import { expect, test } from "vitest";
import { NetSocket } from "../../../../networking/core/NetSocket.ts";
import type { NetSocketOptions } from "../../../../networking/core/NetSocketOptions.ts";
import { Protocol } from "../../../../networking/core/NetSocketOptions.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { ExpectBytes, Pattern, Succeed, small } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS, BUSY, SOCKET_INVALID, ALREADY_INIT, OUT_OF_BUFFER_MEMORY } = SocketError;
const one = Uint8Array.of(1);

export function DatagramSocketCases(scene: Scene): void {
  function socket(options: NetSocketOptions = {}): NetSocket {
    const near = new NetSocket({ Backend: scene.Harness.Backend, ...options });
    Succeed(near.Open(Protocol.UDP));
    return scene.Closing(near);
  }

  function bound(options: NetSocketOptions = {}): NetSocket {
    const near = socket(options);
    Succeed(near.Bind(0, home));
    return near;
  }

  function untilThere(near: NetSocket): Promise<void> {
    return scene.Until(() => near.GetAvailableBytes() > 0, "a datagram");
  }

  test("opens once, until it is closed, and then for either protocol", () => {
    const near = socket();
    expect(near.Open(Protocol.UDP)).toBe(ALREADY_INIT);
    expect(near.Open(Protocol.TCP)).toBe(ALREADY_INIT);
    expect([near.IsOpen(), near.GetLocalPort()]).toEqual([true, 0]);
    expect(near.Poll()).toBe(SUCCESS);
    near.Close();
    expect(near.Open(Protocol.TCP)).toBe(SUCCESS);
    expect(near.SendTo(one, home, 9)).toEqual({ Result: SOCKET_INVALID, BytesSent: 0 });
  });

  test("that is not bound receives nothing, and is bound by its first SendTo", async () => {
    const far = await scene.FarDatagrams();
    const near = socket();
    expect(near.Receive(one.slice())).toEqual({ Result: SOCKET_INVALID, Received: 0 });
    expect(near.Send(one)).toEqual({ Result: SOCKET_INVALID, BytesSent: 0 });
    expect(near.SendTo(Pattern(5), home, far.Port)).toEqual({ Result: SUCCESS, BytesSent: 5 });
    expect((await scene.Heard(far)).Port).toBe(near.GetLocalPort());
  });

  test("Bind opens by itself, answers truly, and happens once", () => {
    const near = scene.Closing(new NetSocket({ Backend: scene.Harness.Backend }));
    const port = bound().GetLocalPort();
    expect(near.Bind(port, home, Protocol.UDP)).toBe(SocketError.ADDRESS_IN_USE);
    expect(near.Bind(0, "192.0.2.1")).toBe(SocketError.ADDRESS_NOT_AVAILABLE);
    expect(near.Bind(0, home)).toBe(SUCCESS);
    expect(near.Bind(0, home)).toBe(ALREADY_INIT);
    expect(near.GetLocalAddress().ToString()).toBe(home);
  });

  test("receives a datagram at a time, with its sender, and is BUSY behind the last", async () => {
    const far = await scene.FarDatagrams();
    const near = bound();
    const buffer = new Uint8Array(8);
    const nothing = near.ReceiveFrom(buffer);
    expect([nothing.Result, nothing.Received, nothing.Port]).toEqual([BUSY, 0, 0]);
    far.Send(Pattern(3), near.GetLocalPort(), home);
    far.Send(Pattern(2), near.GetLocalPort(), home);
    for (const size of [3, 2]) {
      await untilThere(near);
      expect(near.GetAvailableBytes()).toBe(size);
      const { Result, Received, Address, Port } = near.ReceiveFrom(buffer);
      expect([Result, Received, Address.ToString(), Port]).toEqual([SUCCESS, size, home, far.Port]);
      ExpectBytes(buffer.subarray(0, size), Pattern(size));
    }
    expect(near.Receive(buffer)).toEqual({ Result: BUSY, Received: 0 });
  });

  test.each([
    [99, OUT_OF_BUFFER_MEMORY],
    [100, SUCCESS],
    [101, SUCCESS],
    [0, OUT_OF_BUFFER_MEMORY],
  ])("gives 100 bytes into a buffer of %d: code %d, and no rest", async (size, code) => {
    const far = await scene.FarDatagrams();
    const near = bound();
    far.Send(Pattern(100), near.GetLocalPort(), home);
    await untilThere(near);
    const buffer = new Uint8Array(size);
    const received = Math.min(size, 100);
    expect(near.Receive(buffer)).toEqual({ Result: code, Received: received });
    ExpectBytes(buffer.subarray(0, received), Pattern(received));
    expect(near.GetAvailableBytes()).toBe(0);
  });

  test("that is connected sends to its peer only, and knows both ends", async () => {
    const far = await scene.FarDatagrams();
    const near = socket();
    expect(near.ConnectToHost(home, far.Port)).toBe(SUCCESS);
    expect(near.ConnectToHost(home, far.Port)).toBe(ALREADY_INIT);
    expect([near.GetRemoteAddress().ToString(), near.GetRemotePort()]).toEqual([home, far.Port]);
    expect(near.GetLocalAddress().ToString()).toBe(home);
    expect(near.SendTo(one, home, far.Port).Result).toBe(ALREADY_INIT);
    expect(near.Send(Pattern(4))).toEqual({ Result: SUCCESS, BytesSent: 4 });
    const heard = await scene.Heard(far);
    expect([heard.Host, heard.Port]).toEqual([home, near.GetLocalPort()]);
  });

  test.each([
    ["", 9, SocketError.INVALID_IP_ADDRESS],
    ["localhost", 9, SocketError.INVALID_IP_ADDRESS],
    ["*", 9, SocketError.INVALID_IP_ADDRESS],
    [home, 0, SocketError.INVALID_PARAMETER],
    [home, 65_536, SocketError.INVALID_PARAMETER],
    ["::1", 9, SocketError.ADDRESS_NOT_AVAILABLE],
  ])("SendTo(%s, %d) is refused with code %d, and takes nothing", (host, port, code) => {
    expect(bound().SendTo(one, host, port)).toEqual({ Result: code, BytesSent: 0 });
  });

  test("shares a port with another, when both say so before", () => {
    const [first, second, third] = [socket(), socket(), socket()];
    for (const near of [first, second]) expect(near.SetReuseAddress(true)).toBe(SUCCESS);
    Succeed(first.Bind(0, home));
    expect(first.SetReuseAddress(true)).toBe(ALREADY_INIT);
    expect(third.Bind(first.GetLocalPort(), home)).toBe(SocketError.ADDRESS_IN_USE);
    expect(second.Bind(first.GetLocalPort(), home)).toBe(SUCCESS);
  });

  test("has nothing of what is TCP's", () => {
    const near = bound();
    expect(near.Listen()).toBe(SocketError.UNAVAILABLE);
    expect(near.Accept()).toBeNull();
    expect([near.IsListening(), near.GetPendingConnections()]).toEqual([false, 0]);
    expect(near.Shutdown()).toBe(SOCKET_INVALID);
    expect(near.SetNoDelay(true)).toBe(SOCKET_INVALID);
    expect(near.SetKeepAlive(true)).toBe(SOCKET_INVALID);
    expect(near.SetBroadcast(true)).toBe(SUCCESS);
  });

  test("with a small ring drops what it cannot hold, and counts it", async () => {
    const far = await scene.FarDatagrams();
    const near = bound({ InboundBufferSize: small });
    for (let i = 0; i < 5; i++) far.Send(Pattern(100), near.GetLocalPort(), home);
    await scene.Until(() => near.GetDroppedDatagrams() === 3, "the drops");
    expect(near.Receive(new Uint8Array(100))).toEqual({ Result: SUCCESS, Received: 100 });
  });

  test.each(["Close", "Destroy"] as const)("%s makes it as new, twice too", async (verb) => {
    const far = await scene.FarDatagrams();
    const near = bound();
    far.Send(Pattern(3), near.GetLocalPort(), home);
    await untilThere(near);
    near[verb]();
    near[verb]();
    expect([near.IsOpen(), near.GetLocalPort(), near.GetAvailableBytes()]).toEqual([false, 0, 0]);
    expect(near.Receive(new Uint8Array(8))).toEqual({ Result: SOCKET_INVALID, Received: 0 });
    Succeed(near.Bind(0, home, Protocol.UDP));
    expect(near.GetAvailableBytes()).toBe(0);
  });
}
