import { describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ConnectionTimeoutError, EasySocketError } from "../../../networking/toolkit/Errors.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { ConnectedPair, Rejection, Text } from "./Peers.ts";

const network = UseNetwork();

describe("ending", () => {
  it("resets, and tells whoever waits why", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const reading = Connection.Read();
    Connection.Abort();
    Connection.Abort(new EasySocketError("Too late to matter."));
    const error = await Rejection(reading);
    expect(error.message).toMatch(/was aborted by this side/);
    await WaitFor(() => Plain.Closed, "the reset");
    expect(Plain.Failure).toBe("ECONNRESET");
    await Connection.Close();
  });

  it("keeps its deadline, waiting or not", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    Connection.SetDeadline(20, "That was too long.");
    await WaitFor(() => Plain.Closed, "the reset");
    const error = await Rejection(Connection.Read());
    expect(error).toBeInstanceOf(ConnectionTimeoutError);
    expect(error.message).toBe("That was too long.");
  });

  it("tells of a failure once, and not of a close", async () => {
    const failed = await ConnectedPair(network);
    const closed = await ConnectedPair(network);
    const told: unknown[] = [];
    failed.Connection.OnFailure((error) => told.push(error));
    closed.Connection.OnFailure((error) => told.push(error));
    failed.Connection.Abort();
    await closed.Connection.Close();
    failed.Connection.OnFailure((error) => told.push(error));
    expect(told).toHaveLength(2);
    expect(told[0]).toBe(told[1]);
  });

  it("`await using` closes it", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    {
      await using connection = Connection;
      void connection.Write("bye");
    }
    await WaitFor(() => Plain.Ended, "the end");
    expect(Plain.Text()).toBe("bye");
    expect((await Rejection(Connection.Read())).Code).toBe(SocketError.CONNECTION_CLOSED);
  });

  it("is interrupted between messages only", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    const line = Connection.ReadUntil(10);
    Connection.StopWaiting();
    expect(await Connection.WaitForData()).toBe(false);
    Plain.Send("whole\n");
    expect(Text(await line)).toBe("whole");
  });
});

describe("IsIdle", () => {
  it("is true for a connection that can be used for something new", async () => {
    const { Connection, Plain } = await ConnectedPair(network);
    expect(Connection.IsIdle()).toBe(true);
    const reading = Connection.Read();
    expect(Connection.IsIdle()).toBe(false);
    Plain.Send("x");
    await reading;
    expect(Connection.IsIdle()).toBe(true);
    Plain.Send("unasked");
    await WaitFor(() => Connection.GetAvailableBytes() > 0, "bytes");
    expect(Connection.IsIdle()).toBe(false);
    await Connection.Read();
    Plain.Socket.end();
    await WaitFor(() => !Connection.IsIdle(), "the peer's end");
  });
});
