import { expect, test } from "vitest";
import type { TlsFacts } from "../../../networking/core/TlsRequest.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { Packet, SecuredPacket, SecurePacket } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";

const wanted: SecurePacket = {
  Type: PacketType.SECURE,
  Stream: 7,
  VerifyChain: true,
  VerifyName: false,
  MinVersion: "TLSv1.2",
  MaxVersion: "TLSv1.3",
  TimeoutMs: 10_000,
  AlpnProtocols: ["ab", "c"],
  Name: "xy",
};
const certificate = {
  Subject: "CN=a",
  Issuer: "CN=b",
  Fingerprint256: "AB:CD",
  SubjectAltName: "",
  ValidFrom: new Date(1_000),
  ValidTo: new Date(2_000_000_000_000),
};
const facts: TlsFacts = {
  Protocol: "TLSv1.3",
  Cipher: "X",
  AlpnProtocol: "",
  IsSessionReused: true,
  Certificate: null,
};

function decoded(bytes: Uint8Array): Packet | string {
  const answer = DecodePacket(bytes);
  return answer.Ok ? answer.Packet : answer.Problem;
}

function secured(certificateOf: TlsFacts["Certificate"]): SecuredPacket {
  return { Type: PacketType.SECURED, Stream: 7, Facts: { ...facts, Certificate: certificateOf } };
}

test("SECURE has the bytes that Packet.ts draws", () => {
  const wire = [0xdd, 7, 0, 0, 0, 1, 3, 4, 0x10, 0x27, 0, 0, 2, 2, 97, 98, 1, 99, 120, 121];
  expect([...EncodePacket(wanted)]).toEqual(wire);
  expect(decoded(Uint8Array.from(wire))).toEqual(wanted);
});

test("SECURED has the bytes that Packet.ts draws, and comes back with its certificate", () => {
  expect([...EncodePacket(secured(null))]).toEqual([0xde, 7, 0, 0, 0, 4, 1, 1, 88, 0]);
  expect(decoded(EncodePacket(secured(certificate)))).toEqual(secured(certificate));
});

test("a text that is too long for its field is cut; a longer one on the wire is refused", () => {
  const most = MuxLimits.maxCertificateTextBytes;
  const long = (count: number): Packet => secured({ ...certificate, Subject: "s".repeat(count) });
  for (const count of [most - 1, most])
    expect(decoded(EncodePacket(long(count)))).toEqual(long(count));
  expect(decoded(EncodePacket(long(most + 1)))).toEqual(long(most));
  const wire = EncodePacket(long(most));
  const longer = Uint8Array.from([...wire.subarray(0, 12), 115, ...wire.subarray(12)]);
  new DataView(longer.buffer).setUint16(10, most + 1, true);
  expect(decoded(longer)).toBe("value");
});

test("values without a meaning are refused: flags, versions, names without letters, dates", () => {
  const refused = (packet: Packet, at: number, value: number): void => {
    const wire = EncodePacket(packet);
    wire[at] = value;
    expect(decoded(wire), `byte ${at}`).toBe("value");
  };
  for (const [at, value] of [
    [5, 4],
    [6, 2],
    [7, 5],
    [12, 33],
    [13, 0],
  ] as const) {
    refused(wanted, at, value);
  }
  for (const [at, value] of [
    [5, 2],
    [6, 4],
  ] as const)
    refused(secured(null), at, value);
  const dated = EncodePacket(secured(certificate));
  dated.fill(0xff, dated.length - 8, dated.length - 1);
  expect(decoded(dated)).toBe("value");
});

test("names that are missing make the packet short", () => {
  expect(decoded(EncodePacket(wanted).subarray(0, 13))).toBe("short");
});
