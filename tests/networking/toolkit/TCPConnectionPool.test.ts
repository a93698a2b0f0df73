import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ConnectionTimeoutError } from "../../../networking/toolkit/Errors.ts";
import type { PooledConnection } from "../../../networking/toolkit/PooledConnection.ts";
import { StartTcpServer, StartTlsTcpServer } from "../../../networking/toolkit/TcpServer.ts";
import type { PoolOptions } from "../../../networking/toolkit/TCPConnectionPool.ts";
import { TCPConnectionPool } from "../../../networking/toolkit/TCPConnectionPool.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { PlainPeer } from "../../Support/PlainPeer.ts";
import { SilentListener } from "../../Support/SilentListener.ts";
import { NextRun, WaitFor } from "../../Support/WaitFor.ts";
import { Rejection, Text } from "./Peers.ts";

const network = UseNetwork();
const backend = network.Backend;

function pool(port: number, options: PoolOptions = {}): TCPConnectionPool {
  const made = new TCPConnectionPool("127.0.0.1", port, { backend, ...options });
  network.Ending(() => void made.CloseAll());
  return made;
}

/** A plain server that answers each piece with itself, and a pool of connections with it. */
async function echoPool(
  options: PoolOptions = {},
): Promise<readonly [TCPConnectionPool, readonly PlainPeer[], number]> {
  const peers: PlainPeer[] = [];
  const server = createServer((socket) => {
    peers.push(new PlainPeer(socket));
    socket.on("data", (data) => socket.write(data));
  });
  server.listen(0, "127.0.0.1");
  await WaitFor(() => server.listening, "an echo server");
  network.Ending(() => {
    server.close();
    for (const peer of peers) peer.Socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  return [pool(port, options), peers, port];
}

async function ask(connection: PooledConnection, text: string): Promise<string | null> {
  await connection.Write(text);
  return Text(await connection.ReadExactly(text.length));
}

describe("the page's examples", () => {
  it("basic connection pool", async () => {
    await using server = await StartTcpServer(0, (data, _address, reply) => reply.Send(data), {
      backend,
    });
    const pool = new TCPConnectionPool("localhost", server.Port, {
      maxSize: 5,
      idleTimeout: 30_000,
      backend,
    });
    {
      using conn = await pool.Connection();
      await conn.Write("Hello");
      const data = await conn.Read(1024);
      expect(Text(data)).toBe("Hello");
    }
    await pool.CloseAll(); // Clean up all connections
  });

  it("secure connection pool", async () => {
    const { Ca, Server, Client } = Certificates();
    await using server = await StartTlsTcpServer(0, (data, _address, reply) => reply.Send(data), {
      certfile: Server.CertificateFile,
      keyfile: Server.PrivateKeyFile,
      cafile: Ca.CertificateFile,
      requireClientCert: true,
      backend,
    });
    await using pool = new TCPConnectionPool("localhost", server.Port, {
      maxSize: 5,
      idleTimeout: 30_000,
      ssl: true,
      cafile: Ca.CertificateFile,
      certfile: Client.CertificateFile,
      keyfile: Client.PrivateKeyFile,
      verify: true,
      backend,
    });
    for (let i = 0; i < 3; i++) {
      expect(await pool.WithConnection((conn) => ask(conn, "Hello Secure"))).toBe("Hello Secure");
    }
    expect(pool.GetCounters()).toMatchObject({ Opened: 1, Reused: 2 });
  });
});

describe("borrowing", () => {
  it("opens when needed, and uses again what was given back", async () => {
    const [pool, peers] = await echoPool();
    expect(pool.GetCounters()).toMatchObject({ Lent: 0, Idle: 0, Opened: 0 });
    for (const text of ["one", "two", "three"]) {
      expect(await pool.WithConnection((connection) => ask(connection, text))).toBe(text);
    }
    expect(pool.GetCounters()).toMatchObject({ Lent: 0, Idle: 1, Opened: 1, Reused: 2 });
    expect(peers).toHaveLength(1);
  });

  it("never has more than maxSize, and serves who waits in the order of asking", async () => {
    const [pool, peers] = await echoPool({ maxSize: 3 });
    let most = 0;
    const order: number[] = [];
    const uses = Array.from({ length: 20 }, (_, i) => {
      return pool.WithConnection(async (connection) => {
        order.push(i);
        most = Math.max(most, pool.GetCounters().Lent);
        return ask(connection, `number ${i}`);
      });
    });
    expect(pool.GetCounters()).toMatchObject({ Lent: 3, Waiting: 17 });
    expect(await Promise.all(uses)).toEqual(uses.map((_, i) => `number ${i}`));
    // The first three race for their connects; who waits comes one after another.
    const waited = order.filter((number) => number >= 3);
    expect(waited).toEqual(Array.from({ length: 17 }, (_, i) => i + 3));
    expect(most).toBe(3);
    expect(peers).toHaveLength(3);
    expect(pool.GetCounters()).toMatchObject({ Lent: 0, Idle: 3, Opened: 3, Reused: 17 });
  });

  it("rejects after waitTimeout, and the place is not lost", async () => {
    const [pool] = await echoPool({ maxSize: 1, waitTimeout: 20 });
    const lent = await pool.Connection();
    expect(await Rejection(pool.Connection())).toBeInstanceOf(ConnectionTimeoutError);
    lent.Release();
    expect(await pool.WithConnection((connection) => ask(connection, "again"))).toBe("again");
  });

  it("frees the place of a connect that failed, for who waits", async () => {
    const server = await network.PlainServer();
    server.Stop();
    const refused = pool(server.Port, { maxSize: 1 });
    const errors = await Promise.all([1, 2, 3].map(() => Rejection(refused.Connection())));
    expect(errors.map((error) => error.Code)).toEqual(
      Array.from({ length: 3 }, () => SocketError.CONNECTION_REFUSED),
    );
    expect(refused.GetCounters()).toMatchObject({ Lent: 0, Waiting: 0, Opened: 0 });
  });

  it("names the file that a secure pool cannot read", async () => {
    const secure = pool(1, { ssl: true, cafile: "/nowhere/ca.crt" });
    expect((await Rejection(secure.Connection())).message).toMatch(
      /nowhere\/ca.crt cannot be read/,
    );
    expect(secure.GetCounters().Lent).toBe(0);
  });

  it.each(["maxSize", "idleTimeout", "waitTimeout", "stallTimeout"])(
    "throws a TypeError for a %s of 0",
    (option) => {
      expect(() => pool(1, { [option]: 0 })).toThrow(TypeError);
    },
  );
});

describe("a connection is not lent again", () => {
  /** Breaks the one connection of a pool, and borrows again. */
  async function replaced(
    breaking: (connection: PooledConnection, peer: PlainPeer) => Promise<unknown>,
  ): Promise<void> {
    const [pool, peers] = await echoPool({ maxSize: 1 });
    const first = await pool.Connection();
    await ask(first, "works");
    await breaking(first, peers[0] as PlainPeer);
    first.Release();
    expect(await pool.WithConnection((connection) => ask(connection, "new"))).toBe("new");
    expect(pool.GetCounters()).toMatchObject({ Lent: 0, Idle: 1, Opened: 2, Broken: 1, Reused: 0 });
    await WaitFor(() => peers[0]?.Closed ?? false, "the old one's end");
  }

  it("when the peer has closed it while it was idle", async () => {
    const [pool, peers] = await echoPool();
    await pool.WithConnection((connection) => ask(connection, "works"));
    peers[0]?.Socket.end();
    while (pool.GetCounters().Opened === 1) await pool.WithConnection(() => NextRun());
    expect(pool.GetCounters().Broken).toBe(1);
    await WaitFor(() => peers[0]?.Closed ?? false, "the close");
  });

  it("when the peer has reset it while it was lent", async () => {
    await replaced((connection, peer) => {
      peer.Socket.resetAndDestroy();
      return Rejection(connection.Read());
    });
  });

  it("when a reply is unread", async () => {
    await replaced(async (connection) => {
      await connection.Write("1234");
      await connection.ReadUntil(50); // one piece came, "134" is left of it
    });
  });

  it("when a read still waits", async () => {
    await replaced(async (connection) => {
      connection.Read().catch(() => undefined);
    });
  });

  it("when it was discarded", async () => {
    await replaced(async (connection) => connection.Discard());
  });

  it("when WithConnection's function failed", async () => {
    const [pool] = await echoPool();
    const mistake = new Error("a mistake");
    const failing = pool.WithConnection(() => {
      throw mistake;
    });
    await expect(failing).rejects.toBe(mistake);
    expect(pool.GetCounters()).toMatchObject({ Lent: 0, Idle: 0, Broken: 1 });
  });

  it("after the idle time: it is closed then", async () => {
    const [pool, peers] = await echoPool({ idleTimeout: 30 });
    await pool.WithConnection((connection) => ask(connection, "x"));
    expect(pool.GetCounters().Idle).toBe(1);
    await WaitFor(() => peers[0]?.Ended ?? false, "the close");
    expect(pool.GetCounters()).toMatchObject({ Idle: 0, Expired: 1 });
  });
});

describe("CloseAll", () => {
  it("closes the idle ones, refuses who waits, and closes lent ones when they come back", async () => {
    const [pool, peers, port] = await echoPool({ maxSize: 2 });
    const lent = await pool.Connection();
    await pool.WithConnection((connection) => ask(connection, "x"));
    expect(pool.GetCounters()).toMatchObject({ Lent: 1, Idle: 1 });
    await pool.CloseAll();
    await WaitFor(() => peers.some((peer) => peer.Ended), "the end of the idle one");
    expect(await ask(lent, "still mine")).toBe("still mine");
    lent.Release();
    await WaitFor(() => peers.every((peer) => peer.Ended), "the end of both");
    expect(pool.GetCounters()).toMatchObject({ Lent: 0, Idle: 0 });
    const error = await Rejection(pool.Connection());
    expect(error.Code).toBe(SocketError.CONNECTION_CLOSED);
    expect(error.message).toBe(`The pool of connections with 127.0.0.1:${port} is closed.`);
    await pool.CloseAll();
  });

  it("refuses who waits", async () => {
    const [pool] = await echoPool({ maxSize: 1 });
    using lent = await pool.Connection();
    const waiting = [Rejection(pool.Connection()), Rejection(pool.Connection())];
    await pool.CloseAll();
    for (const error of await Promise.all(waiting)) {
      expect(error.Code).toBe(SocketError.CONNECTION_CLOSED);
    }
    expect(await ask(lent, "mine")).toBe("mine");
  });

  it("ends a connect under way", async () => {
    const silent = await SilentListener.Start();
    const opening = pool(silent.Port);
    const refused = Rejection(opening.Connection());
    await opening.CloseAll();
    expect((await refused).Code).toBe(SocketError.CONNECTION_CLOSED);
    await silent.Stop();
  });
});
