import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { Connection } from "../../../networking/toolkit/Connection.ts";
import { PooledConnection } from "../../../networking/toolkit/PooledConnection.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { ConnectedPair, Rejection, Text } from "./Peers.ts";

const network = UseNetwork();

describe("PooledConnection", () => {
  it("passes every call on while it is lent", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const pooled = new PooledConnection(Connection, () => undefined);
    expect(pooled.Address).toBe(Connection.Address);
    await pooled.Write("question");
    await Plain.WaitReceived(8);
    Plain.Socket.end("line\n1234rest");
    expect(Text(await pooled.ReadUntil(10))).toBe("line");
    expect(Text(await pooled.ReadExactly(4))).toBe("1234");
    expect(Text(await pooled.Read(2))).toBe("re");
    expect(Text(await pooled.Read())).toBe("st");
    expect(await pooled.Read()).toBeNull();
  });

  it("is given back once, and refuses every call after that", async () => {
    const { Connection } = await ConnectedPair(network);
    const back: Connection[] = [];
    const pooled = new PooledConnection(Connection, (given) => back.push(given));
    {
      using lent = pooled;
      await lent.Write("x");
    }
    pooled.Release();
    pooled.Discard();
    expect(back).toEqual([Connection]);
    expect(Connection.IsAlive()).toBe(true);
    for (const late of [
      pooled.Write("x"),
      pooled.Read(),
      pooled.ReadExactly(1),
      pooled.ReadUntil(1),
    ]) {
      expect((await Rejection(late)).Code).toBe(SocketError.SOCKET_INVALID);
    }
  });

  it("is reset when it is discarded", async () => {
    const { Connection } = await ConnectedPair(network);
    const back: boolean[] = [];
    new PooledConnection(Connection, (given) => back.push(given.IsAlive())).Discard();
    expect(back).toEqual([false]);
  });
});
