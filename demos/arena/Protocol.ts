/**
 * What pages, bots and the server say to each other. One message is one packet of a
 * PacketPeerStream; its first byte is the kind. Decoders return null for anything that an honest
 * peer would not send.
 *
 *     page -> server                        server -> page
 *     JOIN   version, name                  WELCOME   id
 *     INPUT  sequence, buttons              ROSTER    everybody's id and name, on every change
 *                                           SNAPSHOT  tick, acked input, ships, shots, each tick
 *                                           BYE       reason; the server closes after it
 */
import { PacketReader, PacketWriter, Utf8Bytes } from "./Packet.ts";
import { maxNameBytes } from "./PilotName.ts";
import { Button, Rules } from "./Rules.ts";
import type { Ship, Shot } from "./Rules.ts";

/**
 * Raised with every change of the messages, so that an old page says so instead of playing badly.
 */
export const protocolVersion = 1;

/** Why the server ends a connection. */
export const ByeReason = Object.freeze({
  FULL: 1,
  VERSION: 2,
  GARBAGE: 3,
  NOT_JOINED: 4,
  CLOSING: 5,
} as const);
export type ByeReason = (typeof ByeReason)[keyof typeof ByeReason];

const byeSentences: Readonly<Record<ByeReason, string>> = {
  [ByeReason.FULL]: "The arena is full.",
  [ByeReason.VERSION]: "This page is from another version than the server; reload it.",
  [ByeReason.GARBAGE]: "The server got a message that it does not understand.",
  [ByeReason.NOT_JOINED]: "The server waited for a name and got none.",
  [ByeReason.CLOSING]: "The server is closing.",
};

/** A sentence for people. */
export function ByeText(reason: ByeReason): string {
  return byeSentences[reason];
}

const Kind = Object.freeze({
  JOIN: 1,
  INPUT: 2,
  WELCOME: 16,
  ROSTER: 17,
  SNAPSHOT: 18,
  BYE: 19,
} as const);

export interface Join {
  readonly Kind: "join";
  readonly Version: number;
  readonly Name: string;
}

export interface Input {
  readonly Kind: "input";
  /** Counts up from 1, one per step. */
  readonly Sequence: number;
  /** Bits of `Button`. */
  readonly Buttons: number;
}

export interface Welcome {
  readonly Kind: "welcome";
  readonly Id: number;
}

export interface Roster {
  readonly Kind: "roster";
  readonly Names: ReadonlyMap<number, string>;
}

export interface Snapshot {
  readonly Kind: "snapshot";
  readonly Tick: number;
  /** Sequence of the receiver's last input that is part of this snapshot, 0 before the first. */
  readonly Acked: number;
  readonly Ships: readonly Ship[];
  readonly Shots: readonly Shot[];
}

export interface Bye {
  readonly Kind: "bye";
  readonly Reason: ByeReason;
}

export type ClientMessage = Join | Input;
export type ServerMessage = Welcome | Roster | Snapshot | Bye;

const shipBytes = 29;
const shotBytes = 21;
const snapshotHeadBytes = 11;
/** Bound of every length that a float carries: positions, speeds and angles are far below it. */
const farAway = 10_000;

/** @param name at most `maxNameLength` characters, as `CleanName` gives. */
export function EncodeJoin(name: string): Uint8Array {
  const utf8 = Utf8Bytes(name);
  const packet = new PacketWriter(3 + utf8.length);
  return packet.U8(Kind.JOIN).U8(protocolVersion).Text(utf8).Bytes;
}

export function EncodeInput(sequence: number, buttons: number): Uint8Array {
  return new PacketWriter(6).U8(Kind.INPUT).U32(sequence).U8(buttons).Bytes;
}

export function EncodeWelcome(id: number): Uint8Array {
  return new PacketWriter(3).U8(Kind.WELCOME).U16(id).Bytes;
}

export function EncodeBye(reason: ByeReason): Uint8Array {
  return new PacketWriter(2).U8(Kind.BYE).U8(reason).Bytes;
}

/** @param names everybody in the arena, `Rules.maxShips` at most. */
export function EncodeRoster(names: ReadonlyMap<number, string>): Uint8Array {
  const entries = [...names].map(([id, name]) => ({ id, utf8: Utf8Bytes(name) }));
  const size = entries.reduce((sum, entry) => sum + 3 + entry.utf8.length, 2);
  const packet = new PacketWriter(size).U8(Kind.ROSTER).U8(entries.length);
  for (const { id, utf8 } of entries) packet.U16(id).Text(utf8);
  return packet.Bytes;
}

/**
 * The receiver's own ack stands at a fixed place, so the server encodes a tick once and calls
 * `SetAcked` for each peer.
 */
export function EncodeSnapshot(
  tick: number,
  ships: ReadonlyMap<number, Ship>,
  shots: readonly Shot[],
): Uint8Array {
  const size = snapshotHeadBytes + ships.size * shipBytes + shots.length * shotBytes;
  const packet = new PacketWriter(size).U8(Kind.SNAPSHOT).U32(tick).U32(0);
  packet.U8(ships.size).U8(shots.length);
  for (const ship of ships.values()) writeShip(packet, ship);
  for (const shot of shots) writeShot(packet, shot);
  return packet.Bytes;
}

/** Puts a peer's acked sequence into an encoded snapshot. */
export function SetAcked(snapshot: Uint8Array, acked: number): void {
  new DataView(snapshot.buffer, snapshot.byteOffset).setUint32(5, acked, true);
}

/** What a client said, or null for garbage. Names come as they were sent: clean them. */
export function DecodeClientMessage(bytes: Uint8Array): ClientMessage | null {
  const packet = new PacketReader(bytes);
  switch (packet.U8()) {
    case Kind.JOIN: {
      const join: Join = { Kind: "join", Version: packet.U8(), Name: packet.Text(maxNameBytes) };
      return packet.Complete ? join : null;
    }
    case Kind.INPUT: {
      const input: Input = { Kind: "input", Sequence: packet.U32(), Buttons: packet.U8() };
      return packet.Complete && input.Buttons <= Button.ALL ? input : null;
    }
    default:
      return null;
  }
}

/** What the server said, or null for garbage. */
export function DecodeServerMessage(bytes: Uint8Array): ServerMessage | null {
  const packet = new PacketReader(bytes);
  const message = readServerMessage(packet);
  return packet.Complete ? message : null;
}

function readServerMessage(packet: PacketReader): ServerMessage | null {
  switch (packet.U8()) {
    case Kind.WELCOME:
      return { Kind: "welcome", Id: packet.U16() };
    case Kind.ROSTER:
      return { Kind: "roster", Names: readNames(packet) };
    case Kind.SNAPSHOT:
      return readSnapshot(packet);
    case Kind.BYE: {
      const reason = packet.U8();
      return isByeReason(reason) ? { Kind: "bye", Reason: reason } : null;
    }
    default:
      return null;
  }
}

function isByeReason(value: number): value is ByeReason {
  return value in byeSentences;
}

function readNames(packet: PacketReader): Map<number, string> {
  const names = new Map<number, string>();
  for (let left = packet.U8(); left > 0; left--) names.set(packet.U16(), packet.Text(maxNameBytes));
  return names;
}

function readSnapshot(packet: PacketReader): Snapshot | null {
  const tick = packet.U32();
  const acked = packet.U32();
  const shipCount = packet.U8();
  const shotCount = packet.U8();
  if (shipCount > Rules.maxShips) return null;
  const ships = Array.from({ length: shipCount }, () => readShip(packet));
  const shots = Array.from({ length: shotCount }, () => readShot(packet));
  return { Kind: "snapshot", Tick: tick, Acked: acked, Ships: ships, Shots: shots };
}

function writeShip(packet: PacketWriter, ship: Ship): void {
  packet.U16(ship.Id).Float(ship.X).Float(ship.Y);
  packet.Float(ship.VelocityX).Float(ship.VelocityY).Float(ship.Angle);
  packet.U8(ship.Hull).U8(ship.Reload).U8(ship.Shield).U8(ship.Respawn);
  packet.U16(ship.Score).U8(Number(ship.Thrusting));
}

function readShip(packet: PacketReader): Ship {
  return {
    Id: packet.U16(),
    X: packet.Float(farAway),
    Y: packet.Float(farAway),
    VelocityX: packet.Float(farAway),
    VelocityY: packet.Float(farAway),
    Angle: packet.Float(farAway),
    Hull: packet.U8(),
    Reload: packet.U8(),
    Shield: packet.U8(),
    Respawn: packet.U8(),
    Score: packet.U16(),
    Thrusting: packet.U8() !== 0,
  };
}

function writeShot(packet: PacketWriter, shot: Shot): void {
  packet.U16(shot.Id).U16(shot.Owner).Float(shot.X).Float(shot.Y);
  packet.Float(shot.VelocityX).Float(shot.VelocityY).U8(shot.Life);
}

function readShot(packet: PacketReader): Shot {
  return {
    Id: packet.U16(),
    Owner: packet.U16(),
    X: packet.Float(farAway),
    Y: packet.Float(farAway),
    VelocityX: packet.Float(farAway),
    VelocityY: packet.Float(farAway),
    Life: packet.U8(),
  };
}
