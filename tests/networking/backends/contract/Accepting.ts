/** Contract: the connections that come in at a server, taken, untaken and too many. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { Collector, ExpectBytes, Pattern, ReadAll, small } from "./Bytes.ts";
import type { FarPeer } from "./Harness.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS } = SocketError;

export function AcceptingCases(scene: Scene): void {
  describe("a taken connection", () => {
    test("is CONNECTED, knows both ends, and carries bytes both ways", async () => {
      const server = await scene.Listening();
      const far = scene.FarClient(server.GetLocalPort());
      const taken = await scene.Take(server);
      expect(taken.GetStatus()).toBe(Status.STATUS_CONNECTED);
      expect(taken.GetConnectedHost().ToString()).toBe(home);
      expect(taken.GetConnectedPort()).toBeGreaterThan(0);
      expect(taken.GetLocalPort()).toBe(server.GetLocalPort());
      expect(taken.ConnectToHost(home, 9)).toBe(SocketError.ALREADY_INIT);
      expect(taken.PutData(Pattern(300))).toBe(SUCCESS);
      far.Send(Pattern(400));
      await scene.UntilHeard(far, 300);
      await scene.UntilAvailable(taken, 400);
      ExpectBytes(far.Received(), Pattern(300));
      ExpectBytes(ReadAll(taken), Pattern(400));
    });

    test("names the port that the client has", async () => {
      const server = await scene.Listening();
      const client = scene.Stream();
      client.ConnectToHost(home, server.GetLocalPort());
      await scene.UntilStatus(client, Status.STATUS_CONNECTED);
      const taken = await scene.Take(server);
      expect(taken.GetConnectedPort()).toBe(client.GetLocalPort());
    });

    test("has buffers of the server's sizes", async () => {
      const sizes = { InboundBufferSize: small, OutboundBufferSize: 2 * small };
      const server = await scene.Listening(8, sizes);
      const far = scene.FarClient(server.GetLocalPort());
      const taken = await scene.Take(server);
      far.Send(Pattern(10 * small));
      await scene.UntilAvailable(taken, small);
      expect(taken.GetAvailableBytes()).toBe(small);
      expect(taken.PutData(Pattern(2 * small + 1))).toBe(SocketError.OUT_OF_BUFFER_MEMORY);
      expect(taken.PutData(Pattern(2 * small))).toBe(SUCCESS);
    });

    test.each(["Finish", "Reset"] as const)("hears the client's %s", async (verb) => {
      const server = await scene.Listening();
      const far = scene.FarClient(server.GetLocalPort());
      const taken = await scene.Take(server);
      far[verb]();
      const finished = verb === "Finish";
      await scene.UntilStatus(taken, finished ? Status.STATUS_NONE : Status.STATUS_ERROR);
      expect(taken.GetCloseReason()).toBe(finished ? CloseReason.PEER : CloseReason.RESET);
    });

    test.each([0, 1, 5_000])("has the %d bytes that came before it was taken", async (count) => {
      const server = await scene.Listening();
      const far = scene.FarClient(server.GetLocalPort());
      far.Send(Pattern(count));
      far.Finish();
      await scene.Until(() => server.IsConnectionAvailable(), "a connection");
      await scene.NewRun();
      const taken = await scene.Take(server);
      expect(taken.GetStatus() === Status.STATUS_CONNECTED || count === 0).toBe(true);
      const heard = new Collector(taken);
      await scene.Until(() => heard.Has(count), "its bytes");
      ExpectBytes(heard.Bytes, Pattern(count));
      await scene.UntilStatus(taken, Status.STATUS_NONE);
      expect(taken.GetCloseReason()).toBe(CloseReason.PEER);
    });

    test("lives on when the server stops", async () => {
      const server = await scene.Listening();
      const far = scene.FarClient(server.GetLocalPort());
      const taken = await scene.Take(server);
      server.Stop();
      await scene.NewRun();
      expect(taken.PutData(Pattern(100))).toBe(SUCCESS);
      await scene.UntilHeard(far, 100);
      far.Send(Pattern(50));
      await scene.UntilAvailable(taken, 50);
      expect(taken.GetStatus()).toBe(Status.STATUS_CONNECTED);
    });

    test("can connect elsewhere after its disconnect", async () => {
      const server = await scene.Listening();
      scene.FarClient(server.GetLocalPort());
      const taken = await scene.Take(server);
      taken.DisconnectFromHost();
      const other = await scene.FarServer();
      expect(taken.ConnectToHost(home, other.Port)).toBe(SUCCESS);
      await scene.UntilStatus(taken, Status.STATUS_CONNECTED);
    });
  });

  describe("connections that wait", () => {
    /** Clients that are all accepted or refused, one after the other. */
    async function knock(port: number, count: number): Promise<FarPeer[]> {
      const clients: FarPeer[] = [];
      for (let i = 0; i < count; i++) {
        const far = scene.FarClient(port);
        await scene.Until(() => far.RemotePort !== 0 || far.WasReset(), "the connection");
        clients.push(far);
      }
      return clients;
    }

    test("are taken in the order in which they came", async () => {
      const server = await scene.Listening();
      const clients = await knock(server.GetLocalPort(), 5);
      for (const [i, far] of clients.entries()) far.Send(Uint8Array.of(i));
      for (let i = 0; i < clients.length; i++) {
        const taken = await scene.Take(server);
        await scene.UntilAvailable(taken, 1);
        expect(taken.GetU8()).toBe(i);
      }
      expect(server.IsConnectionAvailable()).toBe(false);
      expect(server.TakeConnection()).toBeNull();
    });

    test("are reset when the server stops", async () => {
      const server = await scene.Listening();
      const far = scene.FarClient(server.GetLocalPort());
      await scene.Until(() => server.IsConnectionAvailable(), "a connection");
      server.Stop();
      await scene.Until(() => far.WasReset(), "the reset");
      expect(server.TakeConnection()).toBeNull();
    });

    test.each([
      [1, 3],
      [3, 5],
      [5, 5],
    ])("at most %d of %d: the newest are reset and counted", async (backlog, count) => {
      const server = await scene.Listening(backlog);
      const clients = await knock(server.GetLocalPort(), count);
      const over = count - backlog;
      for (const far of clients.slice(backlog)) {
        await scene.Until(() => far.WasReset(), "the reset of the newest");
      }
      const counted = scene.Traits.CountsDropped ? over : 0;
      await scene.Until(() => server.GetDroppedConnections() === counted, "the count");
      for (const far of clients.slice(0, backlog)) {
        const taken = await scene.Take(server);
        expect(taken.PutU8(1)).toBe(SUCCESS);
        await scene.UntilHeard(far, 1);
      }
      expect(server.TakeConnection()).toBeNull();
      expect(server.GetDroppedConnections()).toBe(counted);
    });

    test("are told to the server's handler, from the event loop", async () => {
      const server = await scene.Listening();
      let calls = 0;
      server.OnActivity(() => calls++);
      await scene.NewRun();
      const before = calls;
      scene.FarClient(server.GetLocalPort());
      expect(calls).toBe(before);
      await scene.Until(() => calls > before && server.IsConnectionAvailable(), "a call");
      server.OnActivity(null);
      const last = calls;
      const other = scene.FarClient(server.GetLocalPort());
      await scene.Until(() => other.RemotePort !== 0, "another connection");
      await scene.Take(server);
      await scene.Take(server);
      expect(calls).toBe(last);
    });

    test("make room when one is taken", async () => {
      const server = await scene.Listening(1);
      for (let i = 0; i < 3; i++) {
        let far = scene.FarClient(server.GetLocalPort());
        await scene.Until(() => {
          // A bridge hears of the room a moment later; it does not count whom it reset, others do.
          if (far.WasReset()) far = scene.FarClient(server.GetLocalPort());
          return server.IsConnectionAvailable();
        }, "room");
        expect((await scene.Take(server)).GetStatus()).toBe(Status.STATUS_CONNECTED);
      }
      expect(server.GetDroppedConnections()).toBe(0);
    });

    test.each([0, -5, NaN, 65_536, 1.5])(
      "with a backlog of %d, corrected, still come",
      async (n) => {
        const server = await scene.Listening(n);
        await knock(server.GetLocalPort(), 1);
        expect((await scene.Take(server)).GetStatus()).toBe(Status.STATUS_CONNECTED);
      },
    );

    test("with a backlog that is no number are a mistake", () => {
      expect(() => scene.Server().Listen(0, home, "9" as never)).toThrow(TypeError);
    });
  });
}
