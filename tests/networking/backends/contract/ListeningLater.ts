/**
 * Contract: a server whose listening is granted, or refused, some time after it was asked for: by
 * the system, or by somebody with a will of his own (a page's bridge).
 */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { AgainCases, ExpectNotListening, RefusalCases } from "./Listening.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { SUCCESS, ADDRESS_IN_USE, ALREADY_INIT, POLICY_DENIED } = SocketError;

export function ListeningLaterCases(scene: Scene): void {
  RefusalCases(scene);

  test("is not there yet when Listen returns, and is later", async () => {
    const server = scene.Server();
    expect(server.Listen(0)).toBe(SUCCESS);
    expect([server.IsListening(), server.Poll(), server.TakeConnection()]).toEqual([
      false,
      SUCCESS,
      null,
    ]);
    await scene.UntilListening(server);
    expect(server.GetLocalPort()).toBeGreaterThan(0);
    expect(server.Poll()).toBe(SUCCESS);
  });

  test("at port 0 gets a port of its own", async () => {
    const [one, two] = [await scene.Listening(), await scene.Listening()];
    expect(one.GetLocalPort()).not.toBe(two.GetLocalPort());
  });

  test("twice is ALREADY_INIT, before and after the grant, and the first goes on", async () => {
    const server = scene.Server();
    expect(server.Listen(0)).toBe(SUCCESS);
    expect(server.Listen(0)).toBe(ALREADY_INIT);
    await scene.UntilListening(server);
    expect(server.Listen(0)).toBe(ALREADY_INIT);
    expect(server.IsListening()).toBe(true);
  });

  test("ends before the outcome, and nothing is left", async () => {
    const server = scene.Server();
    for (let i = 0; i < 3; i++) {
      expect(server.Listen(0)).toBe(SUCCESS);
      server.Stop();
      ExpectNotListening(server);
    }
    await scene.Until(() => scene.Harness.Held() === 0, "everything to be given back");
  });

  test("at a port in use is refused, and the first goes on", async () => {
    const server = await scene.Listening();
    expect(await scene.Listen(scene.Server(), server.GetLocalPort(), home)).toBe(ADDRESS_IN_USE);
    expect(server.IsListening()).toBe(true);
  });

  describe("again at once after Stop", () => {
    test("with nobody connected, before and after the grant", async () => {
      const server = await scene.Listening();
      const port = server.GetLocalPort();
      for (let i = 0; i < 10; i++) {
        server.Stop();
        ExpectNotListening(server);
        expect(server.Listen(port, home)).toBe(SUCCESS);
        if (i % 2 === 1) await scene.UntilListening(server);
      }
      expect(server.GetLocalPort()).toBe(port);
    });

    AgainCases(scene);
  });

  test("with a handler, the grant is told from the event loop", async () => {
    const server = scene.Server();
    let told = 0;
    server.OnActivity(() => told++);
    expect(server.Listen(0)).toBe(SUCCESS);
    expect(told).toBe(0);
    await scene.Until(() => told > 0 && server.IsListening(), "the grant");
  });
}

/** What a bridge grants and refuses, which is not what its machine would. */
export function BridgedListeningCases(scene: Scene): void {
  /** Asks, which works, and is refused later. */
  async function refused(server: TCPServer, port: number, host: string): Promise<SocketError> {
    expect(server.Listen(port, host)).toBe(SUCCESS);
    await scene.Until(() => server.Poll() !== SUCCESS, "the refusal");
    expect([server.IsListening(), server.GetLocalPort()]).toEqual([false, port]);
    return server.Poll();
  }

  test.each(["*", "0.0.0.0", "::", home])("at %s is what the bridge gives", async (host) => {
    const server = scene.Server();
    expect(server.Listen(0, host)).toBe(SUCCESS);
    await scene.UntilListening(server);
    const client = scene.Stream();
    client.ConnectToHost(home, server.GetLocalPort());
    await scene.UntilStatus(client, Status.STATUS_CONNECTED);
    expect((await scene.Take(server)).GetLocalHost().ToString()).toBe(home);
  });

  test.each(["192.0.2.1", "::1"])("at %s is refused, and can be asked again", async (host) => {
    const server = scene.Server();
    expect(await refused(server, 0, host)).toBe(POLICY_DENIED);
    expect(server.Listen(0, host)).toBe(ALREADY_INIT);
    server.Stop();
    ExpectNotListening(server);
    expect(server.Listen(0, home)).toBe(SUCCESS);
    await scene.UntilListening(server);
  });

  test("at a port that is not for pages is refused", async () => {
    expect(await refused(scene.Server(), 80, home)).toBe(POLICY_DENIED);
  });

  test("more than a link may have is LIMIT_REACHED", async () => {
    const servers = [];
    for (let i = 0; i < 4; i++) servers.push(await scene.Listening());
    const more = scene.Server();
    expect(more.Listen(0)).toBe(SocketError.LIMIT_REACHED);
    ExpectNotListening(more);
    servers[0]?.Stop();
    await scene.Listening();
  });
}
