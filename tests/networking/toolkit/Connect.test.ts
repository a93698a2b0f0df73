import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Connect } from "../../../networking/toolkit/Connect.ts";
import { ConnectionTimeoutError, EasySocketError } from "../../../networking/toolkit/Errors.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { SilentListener } from "../../Support/SilentListener.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { ConnectedPair, Rejection, Text } from "./Peers.ts";

const network = UseNetwork();
const backend = network.Backend;

describe("Connect", () => {
  it("looks a name up and tells where it ended up", async () => {
    const server = await network.PlainServer();
    await using connection = await Connect("localhost", server.Port, { backend });
    expect(connection.Address.Host).toBe("127.0.0.1");
    expect(connection.Address.Port).toBe(server.Port);
    expect(connection.IsAlive()).toBe(true);
  });

  it("says that nothing listens there", async () => {
    const server = await network.PlainServer();
    server.Stop();
    const error = await Rejection(Connect("127.0.0.1", server.Port, { backend }));
    expect(error.Code).toBe(SocketError.CONNECTION_REFUSED);
    expect(error.message).toBe(
      `Connecting to 127.0.0.1:${server.Port} failed: ` +
        "the host refused the connection; nothing listens there.",
    );
  });

  it.each([
    ["localhost", 0, SocketError.INVALID_PARAMETER],
    ["localhost", 65_536, SocketError.INVALID_PARAMETER],
    ["1.2.3", 80, SocketError.CANT_RESOLVE],
    ["1.2.3.4.5..", 80, SocketError.CANT_RESOLVE],
    ["300.1.1.1", 80, SocketError.INVALID_IP_ADDRESS],
    ["nobody.invalid", 80, SocketError.CANT_RESOLVE],
  ])("refuses %s:%i with code", async (host, port, code) => {
    const error = await Rejection(Connect(host, port, { backend }));
    expect(error).toBeInstanceOf(EasySocketError);
    expect(error.Code).toBe(code);
  });

  it.each(["connectTimeout", "timeout"])("gives a silent host up after its %s", async (option) => {
    const silent = await SilentListener.Start();
    const connecting = Connect("127.0.0.1", silent.Port, { backend, [option]: 50 });
    expect(await Rejection(connecting)).toBeInstanceOf(ConnectionTimeoutError);
    await silent.Stop();
  });

  it("ends when the signal says so: before, meanwhile and afterwards", async () => {
    const silent = await SilentListener.Start();
    const reason = new Error("enough");
    const early = Connect("127.0.0.1", silent.Port, { backend, signal: AbortSignal.abort(reason) });
    expect((await Rejection(early)).cause).toBe(reason);

    const controller = new AbortController();
    const waiting = Connect("127.0.0.1", silent.Port, { backend, signal: controller.signal });
    controller.abort(reason);
    expect((await Rejection(waiting)).cause).toBe(reason);
    await silent.Stop();

    const later = new AbortController();
    const { Connection, Plain } = await ConnectedPair(network, { signal: later.signal });
    const reading = Connection.Read();
    later.abort(reason);
    expect((await Rejection(reading)).cause).toBe(reason);
    await WaitFor(() => Plain.Closed, "the reset");
  });

  it("takes bytes and end of a peer that was gone before anybody looked", async () => {
    const server = await network.PlainServer();
    const connecting = Connect("127.0.0.1", server.Port, { backend });
    (await server.Peer()).Socket.end("brief");
    const connection = await connecting;
    await WaitFor(() => !connection.IsAlive(), "the peer's end");
    expect(Text(await connection.Read())).toBe("brief");
    expect(await connection.Read()).toBeNull();
    await connection.Write("thanks");
    await connection.Close();
  });

  it.each([{ connectTimeout: 0 }, { timeout: -1 }, { idleTimeout: Number.NaN }])(
    "throws a TypeError for %o",
    async (options) => {
      const server = await network.PlainServer();
      const mistake = Connect("127.0.0.1", server.Port, { backend, ...options });
      await expect(mistake).rejects.toThrow(TypeError);
    },
  );
});
