/** Tickets on a live bridge: how a page hears of a bad one, and what a good one leaves out. */
import { describe, expect, test } from "vitest";
import { MintTicket } from "../../../networking/bridge/Ticket.ts";
import { TicketKey } from "../../../networking/bridge/TicketKey.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { Status } from "../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../networking/core/StreamPeerTCP.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import { Succeed, UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { TestBridge } from "./UseBridge.ts";
import { StartBridge } from "./UseBridge.ts";
import type { WispClient } from "./WispClient.ts";

const network = UseNetwork();
const secret = "k".repeat(32);
const key = new TicketKey(secret);
const options = { Dev: true, TicketKey: secret };

async function welcomed(bridge: TestBridge, ticket: string): Promise<WispClient> {
  const client = bridge.Client({ Protocols: ["mwx1", ticket] });
  await client.WaitPacket(PacketType.INFO);
  client.SendInfo({ Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) });
  await client.WaitPacket(PacketType.CONTINUE);
  return client;
}

describe("a ticket that is no good", () => {
  test.each([
    ["none", ["mwx1"], 0xc2, "ticket missing"],
    ["none, in version 1", [], 0xc2, "ticket missing"],
    ["a forged one", ["mwx1", MintTicket(new TicketKey("x".repeat(32)))], 0xc1, "ticket refused"],
    ["nonsense", ["wisp-v2", "mwt1.nonsense"], 0xc1, "ticket refused"],
  ])("%s: CLOSE on stream 0, then 4401", async (_name, Protocols, Reason, why) => {
    const bridge = await StartBridge(network, options);
    const client = bridge.Client({ Protocols });
    await client.WaitClosed();
    expect(client.Packets).toMatchObject([{ Type: PacketType.CLOSE, Stream: 0, Reason }]);
    expect([client.Closed, client.ClosedWhy]).toEqual([4401, why]);
    await WaitFor(() => bridge.Server.SessionCount() === 0, "its place to be free");
  });

  test("one that was used looks like a forged one", async () => {
    const bridge = await StartBridge(network, options);
    const ticket = MintTicket(key);
    await welcomed(bridge, ticket);
    const second = bridge.Client({ Protocols: ["mwx1", ticket] });
    await second.WaitClosed();
    expect(second.Packets).toMatchObject([{ Type: PacketType.CLOSE, Stream: 0, Reason: 0xc1 }]);
    expect(bridge.LogLines.at(-1)).toMatchObject({ msg: "ticket refused", why: "used" });
  });
});

test("a good one is not echoed, and no ticket is ever logged", async () => {
  const bridge = await StartBridge(network, options);
  const tickets = [MintTicket(key), "mwt1.wrong"];
  const client = await welcomed(bridge, tickets[0] ?? "");
  expect(client.WebSocket.protocol).toBe("mwx1");
  await bridge.Client({ Protocols: ["mwx1", "mwt1.wrong"] }).WaitClosed();
  const log = JSON.stringify(bridge.LogLines);
  expect(log).toContain("ticket refused");
  for (const ticket of tickets) expect(log).not.toContain(ticket.slice(5));
});

test("a program without an origin needs one", async () => {
  const bridge = await StartBridge(network, options);
  const without = bridge.Client({ Origin: null, Protocols: ["mwx1"] });
  await without.WaitRefused();
  expect(without.Refused).toBe(403);
  const client = bridge.Client({ Origin: null, Protocols: ["mwx1", MintTicket(key)] });
  await client.WaitPacket(PacketType.INFO);
});

test("what it leaves out is denied to its page, and to no other", async () => {
  const bridge = await StartBridge(network, options);
  const target = await network.PlainServer();
  const narrow = await welcomed(bridge, MintTicket(key, { Targets: ["elsewhere"] }));
  const wide = await welcomed(bridge, MintTicket(key));
  for (const client of [narrow, wide]) client.Connect(1, target.Port);
  await wide.WaitPacket(PacketType.OPENED);
  await narrow.WaitPacket(PacketType.CLOSE);
  expect(narrow.Of(PacketType.CLOSE)[0]).toMatchObject({ Code: SocketError.POLICY_DENIED });
  narrow.Send({ Type: PacketType.RESOLVE, Stream: 2, Family: 0, Host: "localhost" });
  await narrow.WaitPacket(PacketType.RESOLVED);
  expect(narrow.Of(PacketType.RESOLVED)[0]).toMatchObject({ Status: SocketError.POLICY_DENIED });
});

describe("a page of Moonwire's own", () => {
  async function connected(stream: StreamPeerTCP, port: number): Promise<SocketError> {
    Succeed(stream.ConnectToHost("127.0.0.1", port));
    return stream.WaitStatus(Status.STATUS_CONNECTED, 10_000);
  }

  test("gets a new ticket for each link", async () => {
    const bridge = await StartBridge(network, options);
    const target = await network.PlainServer();
    const page = bridge.Page();
    let minted = 0;
    page.SetBridgeTickets(() => {
      minted++;
      return Promise.resolve(MintTicket(key));
    });
    for (const links of [1, 2]) {
      expect(await connected(bridge.PageStream(page), target.Port)).toBe(SocketError.SUCCESS);
      expect(minted).toBe(links);
      page.Disconnect();
    }
  });

  test("without one it does not get in, and is told so by a code", async () => {
    const bridge = await StartBridge(network, options);
    const stream = bridge.PageStream();
    expect(await connected(stream, 1)).not.toBe(SocketError.SUCCESS);
    expect(stream.GetStatus()).toBe(Status.STATUS_ERROR);
    expect(bridge.LogLines.some(({ why }) => why === "missing")).toBe(true);
  });
});
