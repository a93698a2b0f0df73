import { describe, expect, test } from "vitest";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";

const at = (text: string) => new IpAddress(text);

describe("without options", () => {
  const policy = new Policy({});

  test("nothing may be connected to", () => {
    for (const host of ["8.8.8.8", "127.0.0.1", "localhost", "example.com", "arena", ""]) {
      expect(policy.Decide(host, 80)).toBeNull();
      expect(policy.DecideLookup(host)).toBeNull();
    }
  });

  test("no page may listen", () => {
    expect(policy.DecideListen("*", 0)).toBeNull();
    expect(policy.DecideListen("127.0.0.1", 7400)).toBeNull();
  });

  test("no page may use it, from wherever it comes", () => {
    for (const origin of [undefined, "null", "http://localhost", "https://example.com"]) {
      expect(policy.AllowsOrigin(origin)).toBe(false);
    }
    expect(policy.AllowsHostHeader("localhost:7420")).toBe(false);
    expect(policy.AllowsHostHeader(undefined)).toBe(false);
  });
});

describe("targets", () => {
  const policy = new Policy({
    Targets: ["arena=10.0.0.5:7350", "local=localhost:1", "six=[::1]:2"],
  });

  test("a page hears names and ports, and no address", () => {
    expect(policy.Targets()).toEqual([
      { Name: "arena", Port: 7350 },
      { Name: "local", Port: 1 },
      { Name: "six", Port: 2 },
    ]);
  });

  test("the port is the target's, whatever the page says", () => {
    expect(policy.Decide("arena", 0)?.Port).toBe(7350);
    expect(policy.Decide("arena", 22)?.Port).toBe(7350);
  });

  test("its address is no destination by itself", () => {
    expect(policy.Decide("10.0.0.5", 7350)).toBeNull();
    expect(policy.Decide("localhost", 1)).toBeNull();
  });

  test("the operator's name may lie in a private network, but not at a metadata service", () => {
    expect(policy.Decide("local", 1)?.Allows(at("127.0.0.1"))).toBe(true);
    expect(policy.Decide("local", 1)?.Allows(at("169.254.169.254"))).toBe(false);
    expect(new Policy({ Targets: ["a=169.254.169.254:80"] }).Decide("a", 80)).toBeNull();
  });

  test("a target's name is not looked up for a page", () => {
    expect(policy.DecideLookup("arena")).toBeNull();
  });

  test.each(["arena", "=h:1", "a=h", "a=h:0", "A=h:1", "1a=h:1", "a=b=c:1", "a=127.1:80", "a=:80"])(
    "%j is refused with a sentence",
    (text) => expect(() => new Policy({ Targets: [text] })).toThrow(TypeError),
  );

  test("a name is given once", () => {
    expect(() => new Policy({ Targets: ["a=h:1", "a=h:2"] })).toThrow("given twice");
  });
});

describe("rules", () => {
  const policy = new Policy({ Allow: ["10.0.0.0/8:7000-7009", "*.example.com:443", "*:80"] });

  test("the port decides which rule counts", () => {
    expect(policy.Decide("10.1.1.1", 7000)).not.toBeNull();
    expect(policy.Decide("10.1.1.1", 443)).toBeNull();
    expect(policy.Decide("a.example.com", 443)).not.toBeNull();
    expect(policy.Decide("a.example.com", 7000)).toBeNull();
    expect(policy.Decide("a.example.com", 0)).toBeNull();
  });

  test("a name's answers are judged: public ones pass, private ones only through a network", () => {
    const destination = policy.Decide("A.example.com.", 443);
    expect(destination?.Host).toBe("a.example.com");
    expect(destination?.Allows(at("8.8.8.8"))).toBe(true);
    expect(destination?.Allows(at("10.1.1.1"))).toBe(false);
    expect(destination?.Allows(at("64:ff9b::808:808"))).toBe(false);
  });

  test.each([
    "2130706433",
    "0x7f000001",
    "127.1",
    "0",
    "１２７.0.0.1",
    "::ffff:127.0.0.1",
    "[::1]",
    "::1%lo",
  ])("%j is no way to this machine", (host) => expect(policy.Decide(host, 80)).toBeNull());

  test("a lookup needs a rule that names the host", () => {
    expect(policy.DecideLookup("a.example.com")?.Allows(at("8.8.8.8"))).toBe(true);
    expect(new Policy({ Allow: ["a.b:1"] }).DecideLookup("c.d")).toBeNull();
  });

  test("there are at most so many of them", () => {
    const rules = (count: number) => Array.from({ length: count }, (_, i) => `h${i}.example:80`);
    expect(() => new Policy({ Allow: rules(BridgeLimits.maxRules) })).not.toThrow();
    expect(() => new Policy({ Allow: rules(BridgeLimits.maxRules + 1) })).toThrow(TypeError);
  });
});

describe("this machine's own public address", () => {
  const OwnAddresses = () => [at("198.41.0.4"), at("2001:500:2::c")];

  test("is no public one: only a rule for its network, or a target, leads there", () => {
    const star = new Policy({ Allow: ["*:80"], OwnAddresses });
    expect(star.Decide("198.41.0.4", 80)).toBeNull();
    expect(star.Decide("2001:500:2::c", 80)).toBeNull();
    expect(star.Decide("a.example", 80)?.Allows(at("198.41.0.4"))).toBe(false);
    expect(star.Decide("198.41.0.5", 80)).not.toBeNull();
    const named = new Policy({ Allow: ["198.41.0.4:80"], OwnAddresses });
    expect(named.Decide("198.41.0.4", 80)).not.toBeNull();
    const target = new Policy({ Targets: ["a=198.41.0.4:80"], OwnAddresses });
    expect(target.Decide("a", 80)).not.toBeNull();
  });
});

describe("what a page is told of a failed connect", () => {
  const { CONNECTION_REFUSED, TIMED_OUT, HOST_UNREACHABLE, POLICY_DENIED } = SocketError;
  const codes = [CONNECTION_REFUSED, TIMED_OUT, HOST_UNREACHABLE, POLICY_DENIED] as const;
  const told = (policy: Policy, host: string, answer?: string) => {
    const destination = policy.Decide(host, 80);
    if (answer !== undefined) destination?.Allows(at(answer));
    return codes.map((code) => destination?.Told(code));
  };
  const denied = codes.map(() => POLICY_DENIED);

  test("the truth of public places, of targets, and with --dev", () => {
    const policy = new Policy({ Allow: ["*:80"], Targets: ["arena=10.0.0.5:80"] });
    expect(told(policy, "8.8.8.8")).toEqual(codes);
    expect(told(policy, "a.example", "8.8.8.8")).toEqual(codes);
    expect(told(policy, "arena")).toEqual(codes);
    expect(told(new Policy({ Dev: true }), "127.0.0.1")).toEqual(codes);
  });

  test("one and the same of a private network that a rule opens", () => {
    const policy = new Policy({ Allow: ["10.0.0.0/8:80", "*:80", "localhost:80"] });
    expect(told(policy, "10.0.0.5")).toEqual(denied);
    expect(told(policy, "a.example", "10.0.0.5")).toEqual(denied);
    expect(told(policy, "localhost", "127.0.0.1")).toEqual(denied);
  });
});

describe("origins", () => {
  const policy = new Policy({ Origins: ["https://game.example.com", "http://a.example:8080"] });

  test("are compared whole", () => {
    expect(policy.AllowsOrigin("https://game.example.com")).toBe(true);
    for (const other of [
      "http://game.example.com",
      "https://game.example.com:8443",
      "https://game.example.com.evil.example",
      "https://evil.example",
      "null",
      undefined,
    ]) {
      expect(policy.AllowsOrigin(other)).toBe(false);
    }
  });

  test("a GET without Origin must be for the host of an allowed page", () => {
    expect(policy.AllowsHostHeader("game.example.com")).toBe(true);
    expect(policy.AllowsHostHeader("a.example:8080")).toBe(true);
    expect(policy.AllowsHostHeader("rebound.evil.example")).toBe(false);
  });

  test.each(["game.example.com", "https://a.example/", "https://a.example/path", "*", ""])(
    "%j is refused with a sentence",
    (text) => expect(() => new Policy({ Origins: [text] })).toThrow(TypeError),
  );
});

describe("dev", () => {
  const policy = new Policy({ Dev: true });

  test("clients and pages of this machine only", () => {
    expect(policy.AllowsClient(at("127.0.0.1"))).toBe(true);
    expect(policy.AllowsClient(at("::1"))).toBe(true);
    expect(policy.AllowsClient(at("192.168.1.5"))).toBe(false);
    for (const origin of ["http://localhost:5173", "http://127.0.0.1:1", "http://[::1]:80"]) {
      expect(policy.AllowsOrigin(origin)).toBe(true);
    }
    for (const origin of [
      "http://localhost.evil.example",
      "https://example.com",
      "file://",
      "null",
    ]) {
      expect(policy.AllowsOrigin(origin)).toBe(false);
    }
  });

  test("targets of this machine only, on any port", () => {
    expect(policy.Decide("127.0.0.1", 1)).not.toBeNull();
    expect(policy.Decide("::1", 65_535)).not.toBeNull();
    expect(policy.Decide("localhost", 80)?.Allows(at("127.0.0.1"))).toBe(true);
    expect(policy.Decide("localhost", 80)?.Allows(at("10.0.0.1"))).toBe(false);
    expect(policy.Decide("8.8.8.8", 80)).toBeNull();
    expect(policy.Decide("192.168.1.1", 80)).toBeNull();
    expect(policy.Decide("example.com", 80)).toBeNull();
  });

  test("listening takes ports that are given, and stays on this machine", () => {
    const place = { Host: "127.0.0.1", Ports: [7400, 7409] };
    expect(policy.DecideListen("*", 0)).toBeNull();
    expect(new Policy({ Dev: true, ListenPorts: "7400-7409" }).DecideListen("*", 0)).toEqual(place);
    const wide = { Dev: true, ListenPorts: "7400", ListenHost: "*" };
    expect(() => new Policy(wide)).toThrow("loopback");
  });

  test("other rules and targets do not widen it", () => {
    const wide = new Policy({ Dev: true, Allow: ["*:80"], Targets: ["a=10.0.0.5:80"] });
    expect(wide.Decide("8.8.8.8", 80)).toBeNull();
    expect(wide.Decide("a", 80)).toBeNull();
    expect(wide.Decide("example.com", 80)?.Allows(at("8.8.8.8"))).toBe(false);
  });
});
