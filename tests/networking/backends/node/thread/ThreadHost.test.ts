import { afterEach, describe, expect, it } from "vitest";
import { ListenerPhase, SocketPhase } from "../../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../../networking/core/SocketError.ts";
import type { Report } from "../../../../../networking/backends/node/Commands.ts";
import { SharedControl } from "../../../../../networking/backends/node/SharedControl.ts";
import { SharedListener } from "../../../../../networking/backends/node/SharedListener.ts";
import { SharedSocket } from "../../../../../networking/backends/node/SharedSocket.ts";
import { ThreadHost } from "../../../../../networking/backends/node/thread/ThreadHost.ts";
import { WaitFor } from "../../../../Support/WaitFor.ts";

const anywhere = { InboundBufferBytes: 1_024, OutboundBufferBytes: 1_024 };

/** A host in this thread, and what it reported. */
class Stand {
  readonly Control = new SharedControl();
  readonly Reports: Report[] = [];
  readonly Host = new ThreadHost(this.Control, (report) => this.Reports.push(report));

  async Listen(id: number): Promise<SharedListener> {
    const shared = new SharedListener();
    const where = { Address: "127.0.0.1", Port: 0, Backlog: 8 };
    this.Host.Run({ Op: "listen", Id: id, Memory: shared.Memory, ...where, ...anywhere });
    await WaitFor(() => shared.Phase() === ListenerPhase.LISTENING, "the listener");
    return shared;
  }

  Connect(id: number, port: number): SharedSocket {
    const shared = SharedSocket.Create(1_024, 1_024);
    shared.SetConnecting();
    this.Host.Run({
      Op: "connect",
      Id: id,
      Memory: shared.Memory,
      Host: "127.0.0.1",
      IsLiteral: true,
      Port: port,
      TimeoutMs: 5_000,
      Source: null,
    });
    return shared;
  }

  Accepted(): Extract<Report, { Op: "accepted" }> | undefined {
    return this.Reports.find((report) => report.Op === "accepted");
  }
}

let stand = new Stand();
afterEach(() => {
  stand.Host.Destroy();
  stand = new Stand();
});

describe("ThreadHost", () => {
  it("connects and accepts by command, and serves what the dirty list names", async () => {
    const listener = await stand.Listen(2);
    const near = stand.Connect(4, listener.Port());
    await WaitFor(
      () => stand.Accepted() !== undefined && near.Phase() === SocketPhase.OPEN,
      "the accepted one",
    );
    const far = new SharedSocket(stand.Accepted()!.Memory);
    near.Outbound.Write(Uint8Array.of(1, 2, 3));
    near.MarkDirty();
    stand.Control.Push(4);
    stand.Host.ServeDirty();
    await WaitFor(() => far.Inbound.Used() === 3, "three bytes");
    expect(stand.Control.Pop()).toBe(-1);
  });

  it("gives accepted sockets odd ids, which the game thread never uses", async () => {
    const listener = await stand.Listen(2);
    stand.Connect(4, listener.Port());
    await WaitFor(() => stand.Accepted() !== undefined, "the accepted one");
    expect(stand.Accepted()!.Id % 2).toBe(1);
  });

  it("ends everything at once when it is destroyed, and frees the port", async () => {
    const listener = await stand.Listen(2);
    const near = stand.Connect(4, listener.Port());
    await WaitFor(() => near.Phase() === SocketPhase.OPEN, "the connection");
    stand.Host.Destroy();
    expect(near.Phase()).toBe(SocketPhase.CLOSED);
    expect(near.Failure()).toBe(SocketError.UNAVAILABLE);
    expect(listener.Phase()).toBe(ListenerPhase.CLOSED);
    const again = stand.Connect(6, listener.Port());
    await WaitFor(() => again.Phase() === SocketPhase.CLOSED, "the refusal");
    expect(again.Failure()).toBe(SocketError.CONNECTION_REFUSED);
  });
});
