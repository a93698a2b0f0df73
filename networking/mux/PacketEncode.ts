/** Packets to bytes; see Packet.ts for the layouts. Never fails: the types allow nothing wrong. */
import type { Message, Packet } from "./Packet.ts";
import { PacketType } from "./Packet.ts";
import { WriteSecure, WriteSecured } from "./TlsWire.ts";
import { WireWriter } from "./WireWriter.ts";

export function EncodePacket(packet: Packet): Message {
  const writer = new WireWriter().U8(packet.Type).U32(packet.Stream);
  writePayload(writer, packet);
  return writer.Take();
}

// eslint-disable-next-line consistent-return -- the switch is exhaustive, which the compiler checks
function writePayload(writer: WireWriter, packet: Packet): WireWriter {
  switch (packet.Type) {
    case PacketType.CONNECT:
      return writer.U8(packet.StreamType).U16(packet.Port).Text(packet.Host);
    case PacketType.DATA:
      return writer.Bytes(packet.Data);
    case PacketType.CONTINUE:
      return writer.U32(packet.Credit);
    case PacketType.CLOSE:
      writer.U8(packet.Reason);
      return packet.Code === null ? writer : writer.U16(packet.Code);
    case PacketType.INFO:
      writer.U8(packet.Major).U8(packet.Minor);
      for (const { Id, Metadata } of packet.Extensions) {
        writer.U8(Id).U32(Metadata.length).Bytes(Metadata);
      }
      return writer;
    case PacketType.WINDOW:
    case PacketType.FIN:
      return writer.Offset(packet.Offset);
    case PacketType.OPENED:
      return writer.Endpoint(packet.Local).Endpoint(packet.Remote).Offset(packet.Offset);
    case PacketType.LISTEN:
      return writer.U16(packet.Port).U16(packet.Backlog).U8(packet.Flags).Text(packet.Host);
    case PacketType.LISTENING:
      return writer.Endpoint(packet.Bound);
    case PacketType.ACCEPT:
      writer.U32(packet.Listener).Endpoint(packet.Peer).Endpoint(packet.Local);
      return writer.Offset(packet.Offset);
    case PacketType.ACCEPT_CREDIT:
      return writer.U32(packet.Count);
    case PacketType.RESOLVE:
      return writer.U8(packet.Family).Text(packet.Host);
    case PacketType.RESOLVED:
      writer.U16(packet.Status).U32(packet.TtlSeconds).U8(packet.Addresses.length);
      for (const address of packet.Addresses) writer.Address(address);
      return writer;
    case PacketType.SOCKOPT:
      return writer.U8(packet.Option).U32(packet.Value);
    case PacketType.GOAWAY:
      return writer.U8(packet.Reason).U32(packet.DeadlineMs).U32(packet.RetryAfterMs);
    case PacketType.SECURE:
      return WriteSecure(writer, packet);
    case PacketType.SECURED:
      return WriteSecured(writer, packet);
    case PacketType.PING:
    case PacketType.PONG:
      return writer.U64(packet.Value);
  }
}
