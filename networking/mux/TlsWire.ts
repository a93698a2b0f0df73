/**
 * SECURE and SECURED as bytes; Packet.ts has the layouts. Apart from the other packets because a
 * certificate has more to it than a few numbers.
 */
import { Limits } from "../core/Limits.ts";
import type { PeerCertificate, TlsFacts, TlsVersion } from "../core/TlsRequest.ts";
import { MuxLimits } from "./MuxLimits.ts";
import type { SecuredPacket, SecurePacket } from "./Packet.ts";
import { PacketType } from "./Packet.ts";
import type { WireReader } from "./WireReader.ts";
import type { WireWriter } from "./WireWriter.ts";

/** The second half of TLS's own version numbers, 3.3 and 3.4 (RFC 8446 section 4.2.1). */
const wireVersion = Object.freeze({ "TLSv1.2": 3, "TLSv1.3": 4 } as const);
const VERIFY_CHAIN = 1;
const VERIFY_NAME = 2;
const REUSED = 1;
const CERTIFICATE = 2;
/** What a Date can hold (ECMA-262, "Time Values"). */
const maxDateMs = 8.64e15;

export function WriteSecure(writer: WireWriter, packet: SecurePacket): WireWriter {
  const chain = packet.VerifyChain ? VERIFY_CHAIN : 0;
  writer.U8(chain | (packet.VerifyName ? VERIFY_NAME : 0));
  writer.U8(wireVersion[packet.MinVersion]).U8(wireVersion[packet.MaxVersion]);
  writer.U32(packet.TimeoutMs).U8(packet.AlpnProtocols.length);
  for (const name of packet.AlpnProtocols) writer.Text8(name);
  return writer.Text(packet.Name);
}

export function ReadSecure(reader: WireReader, Stream: number): SecurePacket {
  const flags = flagsOf(reader);
  const [MinVersion, MaxVersion] = [versionOf(reader), versionOf(reader)];
  const TimeoutMs = reader.U32();
  const AlpnProtocols = namesOf(reader);
  return {
    Type: PacketType.SECURE,
    Stream,
    VerifyChain: (flags & VERIFY_CHAIN) !== 0,
    VerifyName: (flags & VERIFY_NAME) !== 0,
    MinVersion,
    MaxVersion,
    TimeoutMs,
    AlpnProtocols,
    Name: reader.Rest(MuxLimits.maxHostBytes),
  };
}

export function WriteSecured(writer: WireWriter, { Facts }: SecuredPacket): WireWriter {
  const { Certificate } = Facts;
  writer.U8(wireVersion[Facts.Protocol]);
  writer.U8((Facts.IsSessionReused ? REUSED : 0) | (Certificate === null ? 0 : CERTIFICATE));
  writer.Text8(Facts.Cipher).Text8(Facts.AlpnProtocol);
  if (Certificate === null) return writer;
  for (const text of textsOf(Certificate)) writer.Text16(text, MuxLimits.maxCertificateTextBytes);
  const { ValidFrom, ValidTo } = Certificate;
  return writer.Offset(Math.max(0, ValidFrom.getTime())).Offset(Math.max(0, ValidTo.getTime()));
}

export function ReadSecured(reader: WireReader, Stream: number): SecuredPacket {
  const Protocol = versionOf(reader);
  const flags = flagsOf(reader);
  const [Cipher, AlpnProtocol] = [reader.Text8(), reader.Text8()];
  const Facts: TlsFacts = {
    Protocol,
    Cipher,
    AlpnProtocol,
    IsSessionReused: (flags & REUSED) !== 0,
    Certificate: (flags & CERTIFICATE) === 0 ? null : certificateOf(reader),
  };
  return { Type: PacketType.SECURED, Stream, Facts };
}

function textsOf(certificate: PeerCertificate): readonly string[] {
  const { Subject, Issuer, Fingerprint256, SubjectAltName } = certificate;
  return [Subject, Issuer, Fingerprint256, SubjectAltName];
}

function certificateOf(reader: WireReader): PeerCertificate {
  const text = (): string => reader.Text16(MuxLimits.maxCertificateTextBytes);
  return {
    Subject: text(),
    Issuer: text(),
    Fingerprint256: text(),
    SubjectAltName: text(),
    ValidFrom: dateOf(reader),
    ValidTo: dateOf(reader),
  };
}

function dateOf(reader: WireReader): Date {
  const ms = reader.Offset();
  if (ms > maxDateMs) reader.Reject();
  return new Date(ms);
}

function flagsOf(reader: WireReader): number {
  const flags = reader.U8();
  if (flags > 3) reader.Reject();
  return flags;
}

function versionOf(reader: WireReader): TlsVersion {
  const value = reader.U8();
  if (value !== 3 && value !== 4) reader.Reject();
  return value === 3 ? "TLSv1.2" : "TLSv1.3";
}

function namesOf(reader: WireReader): string[] {
  const count = reader.U8();
  if (count > Limits.tlsAlpnProtocols) reader.Reject();
  const names: string[] = [];
  while (names.length < count && reader.Left() > 0) {
    const name = reader.Text8();
    if (name === "") reader.Reject();
    names.push(name);
  }
  if (names.length < count) reader.U8(); // Names are missing: the packet is short.
  return names;
}
