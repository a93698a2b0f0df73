/**
 * Random messages for the bridge, from nonsense to packets that are almost right: the nearer to
 * right, the deeper they get. The same seed gives the same ones.
 */
import type { Random } from "../../../networking/backends/memory/Random.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";

const types = Object.values(PacketType);
/** What a page may send at any time, the most fruitful more than once. */
const { CONNECT, DATA, CLOSE, WINDOW, LISTEN, ACCEPT_CREDIT } = PacketType;
const { RESOLVE, SOCKOPT, PING, SECURE } = PacketType;
// prettier-ignore
const usual = [
  CONNECT, CONNECT, CONNECT, DATA, DATA, DATA, DATA, CLOSE, WINDOW, WINDOW,
  LISTEN, ACCEPT_CREDIT, RESOLVE, RESOLVE, SOCKOPT, PING, SECURE,
];
const loopback = ["127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.1", "localhost"];
const hosts = [...loopback, "8.8.8.8", "::1", "127.1", "", "arena", "a".repeat(300)];
const somewhere = { Address: new IpAddress("127.0.0.1"), Port: 1 };

const wish = {
  VerifyChain: true,
  VerifyName: true,
  MinVersion: "TLSv1.2",
  MaxVersion: "TLSv1.3",
  TimeoutMs: 1_000,
  AlpnProtocols: ["game"],
  Name: "localhost",
} as const;
const facts = {
  Protocol: "TLSv1.3",
  Cipher: "",
  AlpnProtocol: "",
  IsSessionReused: false,
  Certificate: null,
} as const;

export class RandomMessages {
  readonly #random: Random;
  readonly #port: number;
  #latest = 0;

  /** @param port of a target that takes connections. */
  constructor(random: Random, port: number) {
    this.#random = random;
    this.#port = port;
  }

  /** A new WebSocket: ids begin anew. */
  Restart(): void {
    this.#latest = 0;
  }

  /** @param nonsense how often the message is none, or one that a page may not send; 0 to 1. */
  Next(nonsense: number): Uint8Array {
    const random = this.#random;
    if (random.Next() < nonsense) return this.#bytes(random.Integer(0, 60));
    const isUsual = random.Next() >= nonsense;
    const message = EncodePacket(this.#packet(random.Pick(isUsual ? usual : types), nonsense));
    if (random.Next() >= nonsense) return message;
    const change = random.Integer(0, 2);
    if (change === 0) return message.subarray(0, random.Integer(0, message.length));
    if (change === 1) return Buffer.concat([message, this.#bytes(random.Integer(1, 9))]);
    message[random.Integer(0, message.length - 1)] = random.Integer(0, 255);
    return message;
  }

  #bytes(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.#random.Integer(0, 255));
  }

  /** Opening takes a new id, the others one of the latest; now and then it is any. */
  #stream(type: PacketType, nonsense: number): number {
    const random = this.#random;
    if (random.Next() < nonsense) {
      return random.Pick([0, 1, 2, 0x8000_0000, 0xffff_ffff, random.Integer(1, 99)]);
    }
    if (type === CONNECT || type === LISTEN || type === RESOLVE) return ++this.#latest;
    return Math.max(1, this.#latest - random.Integer(0, 5));
  }

  #packet(Type: PacketType, nonsense: number): Packet {
    const random = this.#random;
    const Stream = this.#stream(Type, nonsense);
    const Offset = random.Pick([0, 1, 100, 65_536, 2 ** 40]);
    const Port = random.Pick([this.#port, this.#port, 1, 0, 65_535]);
    switch (Type) {
      case PacketType.CONNECT:
        return {
          Type,
          Stream,
          StreamType: random.Pick([1, 1, 1, 1, 2]),
          Port,
          Host: random.Pick(hosts),
        };
      case PacketType.DATA:
        return { Type, Stream, Data: this.#bytes(random.Pick([0, 1, 100, 2_000])) };
      case PacketType.CONTINUE:
        return { Type, Stream, Credit: random.Integer(0, 200) };
      case PacketType.CLOSE:
        return { Type, Stream, Reason: random.Integer(0, 255), Code: random.Integer(0, 40) };
      case PacketType.INFO:
        return this.#info(Stream);
      case PacketType.WINDOW:
      case PacketType.FIN:
        return { Type, Stream, Offset };
      case PacketType.OPENED:
        return { Type, Stream, Local: somewhere, Remote: somewhere, Offset };
      case PacketType.LISTEN:
        return { Type, Stream, Port: 0, Backlog: 1, Flags: 0, Host: random.Pick(hosts) };
      case PacketType.LISTENING:
        return { Type, Stream, Bound: somewhere };
      case PacketType.ACCEPT:
        return { Type, Stream, Listener: 1, Peer: somewhere, Local: somewhere, Offset };
      case PacketType.ACCEPT_CREDIT:
        return { Type, Stream, Count: random.Integer(0, 9) };
      case PacketType.RESOLVE:
        return { Type, Stream, Family: random.Pick([0, 4, 6] as const), Host: random.Pick(hosts) };
      case PacketType.RESOLVED:
        return { Type, Stream, Status: 0, TtlSeconds: 1, Addresses: [somewhere.Address] };
      case PacketType.SOCKOPT:
        return { Type, Stream, Option: random.Integer(0, 4), Value: random.Integer(0, 1) };
      case PacketType.GOAWAY:
        return { Type, Stream, Reason: 2, DeadlineMs: 1, RetryAfterMs: 1 };
      case PacketType.PING:
      case PacketType.PONG:
        return { Type, Stream: 0, Value: 7n };
      case PacketType.SECURE:
        return { Type, Stream, ...wish };
      case PacketType.SECURED:
        return { Type, Stream, Facts: facts };
    }
  }

  #info(Stream: number): Packet {
    const mwx = { Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) };
    const other = { Id: this.#random.Integer(0, 255), Metadata: this.#bytes(5) };
    const Extensions = this.#random.Pick([[], [mwx], [other], [mwx, other, mwx]]);
    return { Type: PacketType.INFO, Stream, Major: 2, Minor: 0, Extensions };
  }
}
