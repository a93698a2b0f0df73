/**
 * Bytes to packets; see Packet.ts for the layouts. Whatever the bytes are, the answer is a packet
 * or a problem with a name; nothing throws, and nothing is allocated that the message does not
 * hold.
 */
import type { Family } from "../core/NetBackend.ts";
import { MuxLimits } from "./MuxLimits.ts";
import type { Extension, Packet } from "./Packet.ts";
import { PacketType } from "./Packet.ts";
import { ReadSecure, ReadSecured } from "./TlsWire.ts";
import type { WireProblem } from "./WireReader.ts";
import { WireReader } from "./WireReader.ts";

/** "type": no packet that Moonwire knows; a plain Wisp peer may have extensions of its own. */
export type PacketProblem = WireProblem | "type";

export type Decoded =
  | { readonly Ok: true; readonly Packet: Packet }
  | { readonly Ok: false; readonly Problem: PacketProblem };

/** @param message one binary WebSocket message; DATA stays a view on it. */
export function DecodePacket(message: Uint8Array): Decoded {
  const reader = new WireReader(message);
  const type = reader.U8();
  const packet = readPacket(reader, type, reader.U32());
  const problem = reader.Problem();
  if (packet === null) {
    return { Ok: false, Problem: message.length < MuxLimits.headerBytes ? "short" : "type" };
  }
  return problem === null ? { Ok: true, Packet: packet } : { Ok: false, Problem: problem };
}

function readPacket(reader: WireReader, Type: number, Stream: number): Packet | null {
  switch (Type) {
    case PacketType.CONNECT:
      return { Type, Stream, StreamType: reader.U8(), Port: reader.U16(), Host: host(reader) };
    case PacketType.DATA:
      return { Type, Stream, Data: reader.Bytes(reader.Left()) };
    case PacketType.CONTINUE:
      return { Type, Stream, Credit: reader.U32() };
    case PacketType.CLOSE:
      return { Type, Stream, Reason: reader.U8(), Code: reader.Left() > 0 ? reader.U16() : null };
    case PacketType.INFO:
      return {
        Type,
        Stream,
        Major: reader.U8(),
        Minor: reader.U8(),
        Extensions: extensions(reader),
      };
    default:
      return readMwx(reader, Type, Stream);
  }
}

function readMwx(reader: WireReader, Type: number, Stream: number): Packet | null {
  switch (Type) {
    case PacketType.WINDOW:
    case PacketType.FIN:
      return { Type, Stream, Offset: reader.Offset() };
    case PacketType.OPENED: {
      const Local = reader.Endpoint();
      return { Type, Stream, Local, Remote: reader.Endpoint(), Offset: reader.Offset() };
    }
    case PacketType.LISTEN: {
      const [Port, Backlog, Flags] = [reader.U16(), reader.U16(), reader.U8()];
      return { Type, Stream, Port, Backlog, Flags, Host: host(reader) };
    }
    case PacketType.LISTENING:
      return { Type, Stream, Bound: reader.Endpoint() };
    case PacketType.ACCEPT: {
      const [Listener, Peer, Local] = [reader.U32(), reader.Endpoint(), reader.Endpoint()];
      return { Type, Stream, Listener, Peer, Local, Offset: reader.Offset() };
    }
    case PacketType.ACCEPT_CREDIT:
      return { Type, Stream, Count: reader.U32() };
    case PacketType.RESOLVE:
      return { Type, Stream, Family: family(reader), Host: host(reader) };
    case PacketType.RESOLVED: {
      const [Status, TtlSeconds] = [reader.U16(), reader.U32()];
      return { Type, Stream, Status, TtlSeconds, Addresses: addresses(reader) };
    }
    case PacketType.SOCKOPT:
      return { Type, Stream, Option: reader.U8(), Value: reader.U32() };
    case PacketType.GOAWAY: {
      const [Reason, DeadlineMs, RetryAfterMs] = [reader.U8(), reader.U32(), reader.U32()];
      return { Type, Stream, Reason, DeadlineMs, RetryAfterMs };
    }
    case PacketType.SECURE:
      return ReadSecure(reader, Stream);
    case PacketType.SECURED:
      return ReadSecured(reader, Stream);
    case PacketType.PING:
    case PacketType.PONG:
      return { Type, Stream, Value: reader.U64() };
    default:
      return null;
  }
}

function host(reader: WireReader): string {
  return reader.Rest(MuxLimits.maxHostBytes);
}

function family(reader: WireReader): Family {
  const value = reader.U8();
  if (value === 4 || value === 6) return value;
  if (value !== 0) reader.Reject();
  return 0;
}

function extensions(reader: WireReader): Extension[] {
  const list: Extension[] = [];
  while (reader.Left() > 0) {
    if (list.length === MuxLimits.maxExtensions) {
      reader.Reject();
      break;
    }
    list.push({ Id: reader.U8(), Metadata: reader.Bytes(reader.U32()) });
  }
  return list;
}

function addresses(reader: WireReader) {
  const count = reader.U8();
  if (count > MuxLimits.maxAddresses) reader.Reject();
  const list = [];
  while (list.length < count && reader.Left() > 0) {
    const address = reader.Address();
    if (!address.IsValid()) reader.Reject();
    list.push(address);
  }
  if (list.length < count) reader.U8(); // Addresses are missing: the packet is short.
  return list;
}
