/**
 * The ways past a bridge's policy that people have found: addresses in disguise, names that change
 * their mind, and what refusals give away. The policy is the widest that there is.
 */
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { HttpGet } from "./HttpGet.ts";
import { SessionStage } from "./SessionStage.ts";
import { MwxClient, StartBridge } from "./UseBridge.ts";

const network = UseNetwork();
const { POLICY_DENIED, CONNECTION_REFUSED, TIMED_OUT, HOST_UNREACHABLE } = SocketError;
const at = (text: string) => new IpAddress(text);
const wide = { Allow: ["*:1-65535"], OwnAddresses: () => [at("198.41.0.4")] };

/** What the page hears of a CONNECT that is refused without a lookup or an attempt. */
function refused(host: string): number | null | undefined {
  const stage = SessionStage.Ready("mwx1", wide);
  stage.Connect(1, host);
  expect([stage.Backend.Lookups.length, stage.Backend.Sockets.length]).toEqual([0, 0]);
  return stage.Of(PacketType.CLOSE)[0]?.Code;
}

// prettier-ignore
const disguises = [
  "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1", "0",
  "１２７.0.0.1", "⑫7.0.0.1", "127。0。0。1", "127.0.0.1.", "127.0.0.01", " 127.0.0.1",
  "127.0.0.1%00", "[127.0.0.1]", "127.0.0.1:80", "0.0.0.0", "255.255.255.255", "224.0.0.1",
  "::1", "[::1]", "::", "0:0:0:0:0:0:0:1", "::1%lo", "fe80::1%eth0", "fe80::1", "ff02::1",
  "::ffff:127.0.0.1", "::ffff:7f00:1", "::127.0.0.1", "::7f00:1", "::ffff:0:127.0.0.1",
  "64:ff9b::7f00:1", "64:ff9b::127.0.0.1", "64:ff9b:1::7f00:1", "2002:7f00:1::",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fc00::1", "fd00:ec2::254", "2001:db8::1",
  "169.254.169.254", "::ffff:169.254.169.254", "0xa9fea9fe", "2852039166", "168.63.129.16",
  "10.0.0.1", "172.16.0.1", "192.168.0.1", "100.64.0.1", "192.0.2.1", "198.18.0.1",
  "240.0.0.1", "4000::1", "198.41.0.4", "::ffff:198.41.0.4", "", ".", "a..b", "a b", "a/b",
];

describe("spellings and embeddings are refused at once, unseen by any resolver", () => {
  test.each(disguises)("%j", (host) => expect(refused(host)).toBe(POLICY_DENIED));
});

describe("names that change their mind", () => {
  /** The page asks for a name; these are the answers. @returns what was tried. */
  function tried(...answers: string[]): { Tried: string[]; Code: number | null | undefined } {
    const stage = SessionStage.Ready("mwx1", wide);
    stage.Connect(1, "rebound.example");
    stage.Backend.Lookups[0]?.Record(answers.map(at));
    stage.Backend.Lookups[0]?.Notify();
    for (const socket of stage.Backend.Sockets) socket.Fail(CONNECTION_REFUSED);
    const Tried = stage.Backend.Sockets.map(({ Target }) => String(Target?.Host));
    expect(stage.Backend.Lookups).toHaveLength(1);
    return { Tried, Code: stage.Of(PacketType.CLOSE)[0]?.Code };
  }

  test("an answer inside is not tried", () => {
    expect(tried("127.0.0.1")).toEqual({ Tried: [], Code: POLICY_DENIED });
    expect(tried("169.254.169.254")).toEqual({ Tried: [], Code: POLICY_DENIED });
    expect(tried("::ffff:10.0.0.1", "fd00::1")).toEqual({ Tried: [], Code: POLICY_DENIED });
    expect(tried("198.41.0.4")).toEqual({ Tried: [], Code: POLICY_DENIED });
  });

  test("mixed answers: those outside only, each as the address that was judged", () => {
    expect(tried("10.0.0.1", "8.8.8.8", "::1", "2606:4700::1", "0.0.0.0")).toEqual({
      Tried: ["8.8.8.8", "2606:4700::1"],
      Code: CONNECTION_REFUSED,
    });
  });

  test("a connection that ends up inside is dropped", () => {
    const stage = SessionStage.Ready("mwx1", wide);
    stage.Connect(1, "8.8.8.8");
    stage.Backend.Sockets[0]?.Succeed(at("10.0.0.1"));
    expect(stage.Backend.Sockets[0]?.Aborted).toBe(true);
    expect(stage.Of(PacketType.CLOSE)[0]?.Code).toBe(POLICY_DENIED);
  });

  test("a lookup shows what the policy would let through, and nothing else", () => {
    const stage = SessionStage.Ready("mwx1", wide);
    stage.Resolve(1, "rebound.example");
    stage.Backend.Lookups[0]?.Record([at("10.0.0.1"), at("8.8.8.8")]);
    stage.Backend.Lookups[0]?.Notify();
    const [answer] = stage.Of(PacketType.RESOLVED);
    expect(answer?.Addresses.map((address) => address.ToString())).toEqual(["8.8.8.8"]);
  });
});

test("in a private network that a rule opens, every refusal is the same packet", () => {
  const packets = [CONNECTION_REFUSED, TIMED_OUT, HOST_UNREACHABLE, null].map((failure) => {
    const stage = SessionStage.Ready("mwx1", { Allow: ["10.0.0.0/24:1-65535"] });
    // The last one is outside of the rule.
    stage.Connect(1, failure === null ? "10.0.1.1" : "10.0.0.1");
    if (failure !== null) stage.Backend.Sockets[0]?.Fail(failure);
    // What operators see stays true.
    expect([...stage.Counters.Refusals()]).toEqual([[failure ?? POLICY_DENIED, 1]]);
    return stage.Of(PacketType.CLOSE);
  });
  expect(packets[0]).toMatchObject([{ Stream: 1, Code: POLICY_DENIED }]);
  for (const packet of packets) expect(packet).toEqual(packets[0]);
});

describe("the bridge itself", () => {
  test("is no destination; its neighbours are", async () => {
    const target = await network.PlainServer();
    const bridge = await StartBridge(network, { Dev: true, MetricsPort: 0 });
    const client = await MwxClient(bridge);
    const [own, metrics] = [bridge.Server.Port(), bridge.Server.MetricsPort()];
    const places = [own, metrics, target.Port];
    places.forEach((port, i) => client.Connect(i + 1, port));
    await client.WaitPacket(PacketType.OPENED);
    expect(client.Of(PacketType.OPENED)[0]?.Stream).toBe(3);
    expect(client.Of(PacketType.CLOSE)).toMatchObject([
      { Stream: 1, Code: POLICY_DENIED },
      { Stream: 2, Code: POLICY_DENIED },
    ]);
    expect((await HttpGet(metrics, "/healthz")).Status).toBe(200);
    client.Send({ Type: PacketType.RESOLVE, Stream: 9, Family: 0, Host: "127.0.0.1" });
    await client.WaitPacket(PacketType.RESOLVED);
    expect(client.Of(PacketType.RESOLVED)[0]?.Addresses).toHaveLength(1);
  });

  test("is none as a target either", async () => {
    const before = await StartBridge(network);
    const Port = before.Server.Port();
    await before.Server.Stop();
    const bridge = await StartBridge(network, {
      Dev: true,
      Port,
      Targets: [`self=127.0.0.1:${Port}`],
    });
    const client = await MwxClient(bridge);
    client.Connect(1, 0, "self");
    await client.WaitPacket(PacketType.CLOSE);
    expect(client.Of(PacketType.CLOSE)).toMatchObject([{ Stream: 1, Code: POLICY_DENIED }]);
  });

  test("listening everywhere, it is at every address of the machine", async () => {
    const bridge = await StartBridge(network, { Dev: true, Host: "0.0.0.0" });
    const client = await MwxClient(bridge);
    client.Connect(1, bridge.Server.Port());
    client.Connect(2, bridge.Server.Port(), "localhost");
    await client.WaitPacket(PacketType.CLOSE, 2);
    const codes = client.Of(PacketType.CLOSE).map(({ Code }) => Code);
    expect(codes).toEqual([POLICY_DENIED, POLICY_DENIED]);
  });
});
