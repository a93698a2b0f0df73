import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { TargetTls } from "../../../networking/bridge/TargetTls.ts";
import { Limits } from "../../../networking/core/Limits.ts";
import type { SecurePacket } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";

const most = { maxTlsConfigs: 3 };

function wish(changed: Partial<SecurePacket> = {}): SecurePacket {
  return {
    Type: PacketType.SECURE,
    Stream: 1,
    VerifyChain: true,
    VerifyName: true,
    MinVersion: "TLSv1.2",
    MaxVersion: "TLSv1.3",
    TimeoutMs: 5_000,
    AlpnProtocols: [],
    Name: "game.example",
    ...changed,
  };
}

describe("TargetTls", () => {
  it("verifies what the page wants verified, against the system's authorities", () => {
    const { Config, CommonName } = new TargetTls("", most).RequestOf(wish());
    expect(CommonName).toBe("game.example");
    expect(Config).toMatchObject({ Trust: "required", VerifyName: true, Authorities: null });
    const unsafe = new TargetTls("", most).RequestOf(wish({ VerifyChain: false }));
    expect(unsafe.Config.Trust).toBe("ignored");
  });

  it("adds the operator's authorities to the system's", () => {
    const { Authorities } = new TargetTls("MINE", most).RequestOf(wish()).Config;
    expect(Authorities).toContain("MINE");
    expect(Authorities).toContain(rootCertificates[0]);
  });

  it("gives the same object for the same wish, whatever the name and the stream", () => {
    const tls = new TargetTls("", most);
    const first = tls.RequestOf(wish()).Config;
    expect(tls.RequestOf(wish({ Name: "other.example", Stream: 9 })).Config).toBe(first);
    expect(tls.RequestOf(wish({ AlpnProtocols: ["x"] })).Config).not.toBe(first);
  });

  it("keeps so many, and lets go of the one that was not used for longest", () => {
    const tls = new TargetTls("", most);
    const wishes = ["a", "b", "c"].map((name) => wish({ AlpnProtocols: [name] }));
    const configs = wishes.map((one) => tls.RequestOf(one).Config);
    expect(tls.RequestOf(wishes[0]!).Config).toBe(configs[0]);
    tls.RequestOf(wish({ AlpnProtocols: ["d"] }));
    expect(tls.RequestOf(wishes[0]!).Config).toBe(configs[0]);
    expect(tls.RequestOf(wishes[1]!).Config).not.toBe(configs[1]);
  });

  it("holds the page's time between 1 ms and the limit", () => {
    const tls = new TargetTls("", most);
    const timeOf = (TimeoutMs: number): number =>
      tls.RequestOf(wish({ TimeoutMs })).Config.HandshakeTimeoutMs;
    const limit = Limits.tlsHandshakeTimeoutMs;
    expect([0, 1, limit, limit + 1].map(timeOf)).toEqual([1, 1, limit, limit]);
  });
});
