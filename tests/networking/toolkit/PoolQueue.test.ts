import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ConnectionTimeoutError, EasySocketError } from "../../../networking/toolkit/Errors.ts";
import { PeerAddress } from "../../../networking/toolkit/PeerAddress.ts";
import { PoolQueue } from "../../../networking/toolkit/PoolQueue.ts";
import { ToolkitLimits } from "../../../networking/toolkit/ToolkitLimits.ts";
import { Rejection } from "./Peers.ts";

const address = new PeerAddress("127.0.0.1", 80);

describe("PoolQueue", () => {
  it("grants in the order of asking", async () => {
    const queue = new PoolQueue(address, Infinity);
    const order: number[] = [];
    const all = [1, 2, 3].map((n) => queue.Wait().then(() => order.push(n)));
    expect(queue.Length).toBe(3);
    for (let i = 0; i < 3; i++) expect(queue.Grant(null)).toBe(true);
    await Promise.all(all);
    expect(order).toEqual([1, 2, 3]);
    expect(queue.Grant(null)).toBe(false);
  });

  it("lets go of who has waited too long, and serves the next", async () => {
    const queue = new PoolQueue(address, 10);
    const error = await Rejection(queue.Wait());
    expect(error).toBeInstanceOf(ConnectionTimeoutError);
    expect(error.message).toBe(
      "Waiting for a connection with 127.0.0.1:80 failed: none came free within 10 ms.",
    );
    expect(queue.Length).toBe(0);
    const next = queue.Wait();
    queue.Grant(null);
    expect(await next).toBeNull();
  });

  it("holds its limit, and not one more", async () => {
    const queue = new PoolQueue(address, Infinity);
    const waiting = Array.from({ length: ToolkitLimits.poolMaxWaiters }, () => queue.Wait());
    expect((await Rejection(queue.Wait())).Code).toBe(SocketError.LIMIT_REACHED);
    const refused = Promise.allSettled(waiting);
    queue.RejectAll(new EasySocketError("Closed."));
    expect((await refused).every((one) => one.status === "rejected")).toBe(true);
    expect(queue.Length).toBe(0);
  });
});
