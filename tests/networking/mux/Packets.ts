/** Arbitrary packets of every type for property tests, and the seed that they run with. */
import fc from "fast-check";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import type { Endpoint } from "../../../networking/core/NetBackend.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";

/** A new seed each run; TEST_SEED repeats one. Printed, so that a failure can be had again. */
export function TestSeed(file: string): number {
  const seed = Number(process.env.TEST_SEED ?? Date.now() & 0x7fffffff);
  console.info(`${file}: TEST_SEED=${seed}`);
  return seed;
}

const u8 = fc.nat(0xff);
const u16 = fc.nat(0xffff);
const u32 = fc.nat(0xffff_ffff);
const offset = fc.maxSafeNat();
const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
const stream = { Stream: u32 };
const host = fc.string({ unit: "grapheme", maxLength: 40 });
const version = fc.constantFrom("TLSv1.2" as const, "TLSv1.3" as const);
const date = fc.date({ min: new Date(0), noInvalidDate: true });
const bytes = (maxLength: number) => fc.uint8Array({ maxLength });

const validAddress = fc
  .oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  )
  .map((raw) => IpAddress.FromBytes(raw));
const address = fc.oneof(validAddress, fc.constant(new IpAddress()));
const endpoint: fc.Arbitrary<Endpoint> = fc.record({ Address: address, Port: u16 });

function of<T extends Packet["Type"]>(
  Type: T,
  fields: {
    [K in Exclude<keyof Extract<Packet, { Type: T }>, "Type" | "Stream">]: fc.Arbitrary<
      Extract<Packet, { Type: T }>[K]
    >;
  },
): fc.Arbitrary<Packet> {
  return fc
    .record({ ...stream, ...fields })
    .map((rest) => ({ Type, ...rest }) as unknown as Packet);
}

export const AnyPacket: Readonly<Record<keyof typeof PacketType, fc.Arbitrary<Packet>>> = {
  CONNECT: of(PacketType.CONNECT, { StreamType: u8, Port: u16, Host: host }),
  DATA: of(PacketType.DATA, { Data: bytes(300) }),
  CONTINUE: of(PacketType.CONTINUE, { Credit: u32 }),
  CLOSE: of(PacketType.CLOSE, { Reason: u8, Code: fc.option(u16) }),
  INFO: of(PacketType.INFO, {
    Major: u8,
    Minor: u8,
    Extensions: fc.array(fc.record({ Id: u8, Metadata: bytes(20) }), { maxLength: 8 }),
  }),
  WINDOW: of(PacketType.WINDOW, { Offset: offset }),
  OPENED: of(PacketType.OPENED, { Local: endpoint, Remote: endpoint, Offset: offset }),
  FIN: of(PacketType.FIN, { Offset: offset }),
  LISTEN: of(PacketType.LISTEN, { Port: u16, Backlog: u16, Flags: u8, Host: host }),
  LISTENING: of(PacketType.LISTENING, { Bound: endpoint }),
  ACCEPT: of(PacketType.ACCEPT, { Listener: u32, Peer: endpoint, Local: endpoint, Offset: offset }),
  ACCEPT_CREDIT: of(PacketType.ACCEPT_CREDIT, { Count: u32 }),
  RESOLVE: of(PacketType.RESOLVE, { Family: fc.constantFrom(0, 4, 6), Host: host }),
  RESOLVED: of(PacketType.RESOLVED, {
    Status: u16,
    TtlSeconds: u32,
    Addresses: fc.array(validAddress, { maxLength: 16 }),
  }),
  SOCKOPT: of(PacketType.SOCKOPT, { Option: u8, Value: u32 }),
  GOAWAY: of(PacketType.GOAWAY, { Reason: u8, DeadlineMs: u32, RetryAfterMs: u32 }),
  SECURE: of(PacketType.SECURE, {
    VerifyChain: fc.boolean(),
    VerifyName: fc.boolean(),
    MinVersion: version,
    MaxVersion: version,
    TimeoutMs: u32,
    AlpnProtocols: fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 32 }),
    Name: host,
  }),
  SECURED: of(PacketType.SECURED, {
    Facts: fc.record({
      Protocol: version,
      Cipher: host,
      AlpnProtocol: host,
      IsSessionReused: fc.boolean(),
      Certificate: fc.option(
        fc.record({
          Subject: host,
          Issuer: host,
          Fingerprint256: host,
          SubjectAltName: host,
          ValidFrom: date,
          ValidTo: date,
        }),
      ),
    }),
  }),
  PING: of(PacketType.PING, { Value: u64 }),
  PONG: of(PacketType.PONG, { Value: u64 }),
};

/** Addresses are objects with private parts; their text is what can be compared. */
export function Comparable(packet: Packet): unknown {
  return JSON.parse(
    JSON.stringify(packet, (_key, value: unknown) => {
      if (value instanceof IpAddress) return `address ${value.ToString()}`;
      if (value instanceof Uint8Array) return `bytes ${[...value].join(" ")}`;
      return typeof value === "bigint" ? `${value}n` : value;
    }),
  );
}
