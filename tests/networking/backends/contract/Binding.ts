/** Contract: a source address and port of one's own choice, where the backend can. */
import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { WrongPlaces } from "./Places.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS } = SocketError;

/** For backends that cannot. */
export function NoBindingCases(scene: Scene): void {
  test.each([
    [0, "*"],
    [40_000, home],
    [-1, home],
    [0, "localhost"],
  ])("Bind(%d, %s) is UNAVAILABLE, and the stream connects without it", async (port, host) => {
    const server = await scene.FarServer();
    const stream = scene.Stream();
    expect(stream.Bind(port, host)).toBe(SocketError.UNAVAILABLE);
    expect(stream.GetLocalPort()).toBe(0);
    expect(stream.ConnectToHost(home, server.Port)).toBe(SUCCESS);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
  });
}

export function BindingCases(scene: Scene): void {
  test.each([
    ["*", home],
    [home, home],
    ["0.0.0.0", home],
    ["::1", "::1"],
    ["*", "::1"],
  ])("a port at %s is where the connection to %s comes from", async (source, target) => {
    const server = await scene.FarServer(target);
    const port = await scene.DeadPort(target);
    const stream = scene.Stream();
    expect(stream.Bind(port, source)).toBe(SUCCESS);
    expect(stream.GetLocalPort()).toBe(port);
    expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
    expect(stream.ConnectToHost(target, server.Port)).toBe(SUCCESS);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    expect((await scene.Peer(server)).RemotePort).toBe(port);
    expect(stream.GetLocalPort()).toBe(port);
  });

  test("port 0 lets the system choose", async () => {
    const server = await scene.FarServer();
    const stream = scene.Stream();
    expect(stream.Bind(0, home)).toBe(SUCCESS);
    stream.ConnectToHost(home, server.Port);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    expect(stream.GetLocalPort()).toBeGreaterThan(0);
    expect((await scene.Peer(server)).RemotePort).toBe(stream.GetLocalPort());
  });

  test.each(WrongPlaces)(
    "%s is refused at once, and a good one still goes",
    (_name, port, host, code) => {
      const stream = scene.Stream();
      expect(stream.Bind(port, host)).toBe(code);
      expect(stream.GetLocalPort()).toBe(0);
      expect(stream.Bind(0, home)).toBe(SUCCESS);
    },
  );

  test("twice is ALREADY_INIT, until the disconnect", async () => {
    const port = await scene.DeadPort();
    const stream = scene.Stream();
    expect(stream.Bind(port)).toBe(SUCCESS);
    expect(stream.Bind(0)).toBe(SocketError.ALREADY_INIT);
    expect(stream.GetLocalPort()).toBe(port);
    stream.DisconnectFromHost();
    expect(stream.GetLocalPort()).toBe(0);
    expect(stream.Bind(0)).toBe(SUCCESS);
  });

  test("on a stream in use is ALREADY_INIT", async () => {
    const { Stream } = await scene.Pair();
    const port = Stream.GetLocalPort();
    expect(Stream.Bind(0)).toBe(SocketError.ALREADY_INIT);
    expect(Stream.GetLocalPort()).toBe(port);
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
  });

  test("holds for one connection only", async () => {
    const [server, port] = [await scene.FarServer(), await scene.DeadPort()];
    const stream = scene.Stream();
    stream.Bind(port, home);
    stream.ConnectToHost(home, server.Port);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    stream.Abort();
    stream.ConnectToHost(home, server.Port);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    expect(stream.GetLocalPort()).not.toBe(port);
  });

  test.each([
    ["192.0.2.1", home, SocketError.ADDRESS_NOT_AVAILABLE],
    ["2001:db8::1", "::1", SocketError.ADDRESS_NOT_AVAILABLE],
    ["::1", "localhost", SocketError.CONNECTION_REFUSED],
  ])("from %s to %s ends in ERROR, code %d", async (source, target, code) => {
    if (target === "localhost" && !(await knowsIpv6(scene)))
      code = SocketError.ADDRESS_NOT_AVAILABLE;
    const port = await scene.DeadPort();
    const stream = scene.Stream();
    expect(stream.Bind(0, source)).toBe(SUCCESS);
    expect(stream.ConnectToHost(target, port)).toBe(SUCCESS);
    await scene.UntilStatus(stream, Status.STATUS_ERROR);
    expect(stream.GetLastError()).toBe(code);
    expect(stream.GetCloseReason()).toBe(CloseReason.ERROR);
  });

  test("a port that is in use ends in ERROR with ADDRESS_IN_USE", async () => {
    const server = await scene.FarServer();
    const stream = scene.Stream();
    expect(stream.Bind(server.Port, home)).toBe(SUCCESS);
    expect(stream.ConnectToHost(home, server.Port)).toBe(SUCCESS);
    await scene.UntilStatus(stream, Status.STATUS_ERROR);
    expect(stream.GetLastError()).toBe(SocketError.ADDRESS_IN_USE);
  });
}

/** Whether `localhost` leads to IPv6 here: a matter of the machine's hosts file. */
async function knowsIpv6(scene: Scene): Promise<boolean> {
  const lookup = scene.Harness.Backend.Lookup("localhost", 6);
  await scene.Until(() => lookup.Done(), "the lookup");
  return lookup.Addresses().length > 0;
}
