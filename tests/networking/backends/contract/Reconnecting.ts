/** Contract: a second connect, and giving a connect up; neither leaves anything behind. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const waysOut: [string, (stream: StreamPeerTCP) => void][] = [
  ["DisconnectFromHost", (stream) => stream.DisconnectFromHost()],
  ["Abort", (stream) => stream.Abort()],
];

export function ReconnectingCases(scene: Scene): void {
  /** Whatever was to come of an earlier call has come when this connection carries a byte. */
  async function witness(port: number): Promise<void> {
    const stream = scene.Stream();
    stream.ConnectToHost(home, port);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    await scene.NewRun();
  }

  describe("a second connect", () => {
    test("is ALREADY_INIT while connecting, and changes nothing", async () => {
      const server = await scene.FarServer();
      const stream = scene.Stream();
      stream.ConnectToHost(home, server.Port);
      expect(stream.ConnectToHost("::1", 9)).toBe(SocketError.ALREADY_INIT);
      expect(stream.GetConnectedPort()).toBe(server.Port);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      expect(stream.GetConnectedPort()).toBe(server.Port);
      await scene.Peer(server);
      expect(server.Peers).toHaveLength(1);
    });

    test("is ALREADY_INIT while connected, and changes nothing", async () => {
      const { Stream, Far } = await scene.Pair();
      expect(Stream.ConnectToHost(home, 9)).toBe(SocketError.ALREADY_INIT);
      expect(Stream.ConnectToHost(home, 0)).toBe(SocketError.ALREADY_INIT);
      Stream.PutU8(1);
      await scene.UntilHeard(Far, 1);
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    });

    test.each(waysOut)("works right after %s", async (_name, leave) => {
      const server = await scene.FarServer();
      const stream = scene.Stream();
      for (let i = 0; i < 3; i++) {
        expect(stream.ConnectToHost(home, server.Port)).toBe(SocketError.SUCCESS);
        await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
        const far = await scene.Peer(server, i);
        expect(stream.GetLocalPort()).toBe(far.RemotePort);
        leave(stream);
      }
      expect(server.Peers).toHaveLength(3);
    });

    test("works after the peer's end", async () => {
      const server = await scene.FarServer();
      const stream = scene.Stream();
      stream.ConnectToHost(home, server.Port);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      (await scene.Peer(server)).Finish();
      await scene.UntilStatus(stream, Status.STATUS_NONE);
      expect(stream.GetCloseReason()).toBe(CloseReason.PEER);
      expect(stream.ConnectToHost(home, server.Port)).toBe(SocketError.SUCCESS);
      expect(stream.GetCloseReason()).toBe(CloseReason.NONE);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    });

    test("works after the peer's end that nobody has looked at", async () => {
      const server = await scene.FarServer();
      const stream = scene.Stream();
      stream.ConnectToHost(home, server.Port);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      const far = await scene.Peer(server);
      far.Send(Uint8Array.of(1));
      far.Finish();
      await scene.Until(
        () => stream.Poll() === SocketError.SUCCESS && stream.IsPeerFinished(),
        "FIN",
      );
      expect(stream.GetU8()).toBe(1);
      await scene.NewRun();
      expect(stream.ConnectToHost(home, server.Port)).toBe(SocketError.SUCCESS);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    });

    test("is ALREADY_INIT in an ERROR of our own, until the disconnect", async () => {
      const { Stream, Far } = await scene.Pair();
      Stream.FailProtocol();
      expect(Stream.GetStatus()).toBe(Status.STATUS_ERROR);
      expect(Stream.GetLastError()).toBe(SocketError.PROTOCOL_ERROR);
      expect(Stream.ConnectToHost(home, 9)).toBe(SocketError.ALREADY_INIT);
      await scene.Until(() => Far.WasReset(), "the reset");
      Stream.DisconnectFromHost();
      expect(Stream.ConnectToHost(home, 9)).toBe(SocketError.SUCCESS);
    });

    test("starts with empty buffers", async () => {
      const server = await scene.FarServer();
      const stream = scene.Stream();
      stream.ConnectToHost(home, server.Port);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      (await scene.Peer(server)).Send(Uint8Array.of(1, 2, 3));
      await scene.UntilAvailable(stream, 3);
      stream.DisconnectFromHost();
      expect(stream.GetAvailableBytes()).toBe(0);
      stream.ConnectToHost(home, server.Port);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      (await scene.Peer(server, 1)).Send(Uint8Array.of(9));
      await scene.UntilAvailable(stream, 1);
      expect(stream.GetU8()).toBe(9);
      expect(stream.GetAvailableBytes()).toBe(0);
    });

    test("of twenty streams at once gives each its own connection", async () => {
      const server = await scene.FarServer();
      const streams = Array.from({ length: 20 }, () => scene.Stream());
      for (const stream of streams) stream.ConnectToHost(home, server.Port);
      await scene.Peer(server, 19);
      for (const stream of streams) await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      for (const far of server.Peers) far.Send(Uint8Array.of(far.RemotePort >> 8, far.RemotePort));
      for (const stream of streams) {
        await scene.UntilAvailable(stream, 2);
        stream.BigEndian = true;
        expect(stream.GetU16()).toBe(stream.GetLocalPort());
      }
    });
  });

  describe("giving up", () => {
    async function expectOver(stream: StreamPeerTCP, port: number): Promise<void> {
      expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
      expect(stream.GetCloseReason()).toBe(CloseReason.LOCAL);
      expect(stream.GetConnectedPort()).toBe(0);
      expect(stream.GetConnectedHost().IsValid()).toBe(false);
      await witness(port);
      expect(stream.Poll()).toBe(SocketError.SUCCESS);
      expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
      expect(stream.GetLastError()).toBe(SocketError.SUCCESS);
      expect(stream.GetCloseReason()).toBe(CloseReason.LOCAL);
      expect(stream.GetAvailableBytes()).toBe(0);
    }

    describe.each(waysOut)("by %s", (_name, leave) => {
      test("while resolving: no late event", async () => {
        const server = await scene.FarServer();
        const stream = scene.Stream();
        stream.ConnectToHost("localhost", server.Port);
        leave(stream);
        await expectOver(stream, server.Port);
      });

      test("while resolving what nobody knows: no late event", async () => {
        const server = await scene.FarServer();
        const stream = scene.Stream();
        stream.ConnectToHost(scene.Traits.UnknownName, 9);
        leave(stream);
        await expectOver(stream, server.Port);
      });

      test("while connecting: no late event, and no connection stays", async () => {
        const server = await scene.FarServer();
        const stream = scene.Stream();
        stream.ConnectToHost(home, server.Port);
        leave(stream);
        await expectOver(stream, server.Port);
        const gone = (): boolean =>
          server.Peers.slice(0, -1).every((far) => far.WasReset() || far.IsFinished());
        await scene.Until(gone, "the end of what came through");
      });

      test("while connecting to where nobody listens: no late event", async () => {
        const port = await scene.DeadPort();
        const server = await scene.FarServer();
        const stream = scene.Stream();
        stream.ConnectToHost(home, port);
        leave(stream);
        await expectOver(stream, server.Port);
      });

      test("while a silent place is waited for: the time-out never comes", async () => {
        const server = await scene.FarServer();
        const { Host, Port } = await scene.Harness.Silent();
        const stream = scene.Stream({ ConnectTimeout: 400 });
        stream.ConnectToHost(Host, Port);
        await scene.NewRun();
        expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
        leave(stream);
        const other = scene.Stream({ ConnectTimeout: 400 });
        other.ConnectToHost(Host, Port);
        await scene.UntilStatus(other, Status.STATUS_ERROR);
        await expectOver(stream, server.Port);
      });

      test("and connecting again in the same run reaches the new place", async () => {
        const [first, second] = [await scene.FarServer(), await scene.FarServer()];
        const stream = scene.Stream();
        stream.ConnectToHost(home, first.Port);
        leave(stream);
        expect(stream.ConnectToHost(home, second.Port)).toBe(SocketError.SUCCESS);
        await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
        expect((await scene.Peer(second)).RemotePort).toBe(stream.GetLocalPort());
      });
    });
  });
}
