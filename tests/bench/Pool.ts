/**
 * Requests per second from this process to another one, ten at a time: with a connection for each,
 * and over ten that are kept. The toolkit, and plain `node:net` written by hand for just this.
 */
import { once } from "node:events";
import type { Socket } from "node:net";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { TLSOptions } from "../../networking/core/TLSOptions.ts";
import { Connect } from "../../networking/toolkit/Connect.ts";
import { TCPConnectionPool } from "../../networking/toolkit/TCPConnectionPool.ts";
import { Next, Start } from "./Game.ts";

export interface PoolRate {
  readonly EachPerSecond: number;
  readonly KeptPerSecond: number;
}

const atOnce = 10;
const eachRequests = 1_500;
const keptRequests = 20_000;
const question = Buffer.alloc(64, "?");
const host = "127.0.0.1";

export async function RunPool(which: "Net" | "Moonwire", over: "tcp" | "tls"): Promise<PoolRate> {
  const far = Start("PoolFar.js", over);
  const { Port } = await Next(far, "listening");
  const run = which === "Net" ? runNet : runMoonwire;
  const rate = await run(Port, over === "tls");
  far.removeAllListeners("exit");
  far.disconnect();
  return rate;
}

async function runMoonwire(port: number, secure: boolean): Promise<PoolRate> {
  const options = secure ? { tls: TLSOptions.ClientUnsafe() } : {};
  const each = await perSecond(eachRequests, async () => {
    await using connection = await Connect(host, port, options);
    await connection.Write(question);
    await connection.ReadExactly(question.length);
  });
  await using pool = new TCPConnectionPool(host, port, { ...options, maxSize: atOnce });
  const kept = await perSecond(keptRequests, () =>
    pool.WithConnection(async (connection) => {
      await connection.Write(question);
      await connection.ReadExactly(question.length);
    }),
  );
  return { EachPerSecond: each, KeptPerSecond: kept };
}

async function runNet(port: number, secure: boolean): Promise<PoolRate> {
  const open = async (): Promise<Socket> => {
    const target = { port, host, noDelay: true };
    const socket = secure ? connectTls({ ...target, rejectUnauthorized: false }) : connect(target);
    await once(socket, secure ? "secureConnect" : "connect");
    return socket;
  };
  const each = await perSecond(eachRequests, async () => {
    const socket = await open();
    await ask(socket);
    socket.end();
    await once(socket.resume(), "close");
  });
  const idle = await Promise.all(Array.from({ length: atOnce }, open));
  const kept = await perSecond(keptRequests, async () => {
    const socket = idle.pop() as Socket;
    await ask(socket);
    idle.push(socket);
  });
  for (const socket of idle) socket.destroy();
  return { EachPerSecond: each, KeptPerSecond: kept };
}

function ask(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let left = question.length;
    const onData = (bytes: Buffer): void => {
      left -= bytes.length;
      if (left > 0) return;
      socket.off("data", onData);
      resolve();
    };
    socket.on("data", onData);
    socket.write(question);
  });
}

async function perSecond(count: number, request: () => Promise<void>): Promise<number> {
  let left = count;
  const start = performance.now();
  const one = async (): Promise<void> => {
    while (left-- > 0) await request();
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return (1e3 * count) / (performance.now() - start);
}
