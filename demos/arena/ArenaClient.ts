/**
 * The client's side of the arena's protocol, as a node: connects, says the name, sends inputs, and
 * emits what the server says. Pages and bots use it alike; reconnecting is TCPClientNode's work.
 */
import { Node, Signal } from "moonwire/engine";
import { PacketPeerStream, TCPClientNode } from "moonwire/networking";
import * as Protocol from "./Protocol.ts";
import type { Bye, Roster, ServerMessage, Snapshot } from "./Protocol.ts";

/** Packets that one frame handles; more wait for the next. Two seconds of snapshots. */
const packetsPerFrame = 60;
/** Inputs whose time of sending is remembered. */
const maxTimedInputs = 128;
/** Part of a new measurement in the shown round-trip time. */
const roundTripBlend = 0.15;

export class ArenaClient extends Node {
  /** Set its Host and Port before the client enters the tree. */
  readonly Net = new TCPClientNode();
  /** Sent on every connection. */
  PilotName = "Pilot";
  readonly Welcomed = new Signal<[id: number]>();
  readonly RosterReceived = new Signal<[roster: Roster]>();
  readonly SnapshotReceived = new Signal<[snapshot: Snapshot]>();
  /** The server says why it ends the connection, or sent something that makes no sense (null). */
  readonly Dismissed = new Signal<[bye: Bye | null]>();
  /** The own ship, null while not in the arena. */
  OwnId: number | null = null;
  /** From sending an input to the snapshot that has it, smoothed, milliseconds. */
  RoundTripMs = 0;
  readonly #packets = new PacketPeerStream();
  #sequence = 0;
  readonly #sentAt = new Map<number, number>();

  constructor() {
    super();
    this.Net.Connected.Connect(() => this.#onConnected());
    this.Net.DataReceived.Connect(() => this.#receive());
    this.Net.Disconnected.Connect(() => this.#forget());
    // What arrived is then known to everybody in the same frame.
    this.Net.ProcessPriority = -1;
    this.AddChild(this.Net);
  }

  /** Sends what is held down in this step. @returns its sequence number, 0 while not playing. */
  SendInput(buttons: number): number {
    if (this.OwnId === null) return 0;
    this.#sequence++;
    this.#sentAt.set(this.#sequence, performance.now());
    if (this.#sentAt.size > maxTimedInputs) this.#sentAt.delete(this.#sequence - maxTimedInputs);
    this.#send(Protocol.EncodeInput(this.#sequence, buttons));
    return this.#sequence;
  }

  #onConnected(): void {
    this.#forget();
    this.#packets.StreamPeer = this.Net.GetPeer();
    this.#send(Protocol.EncodeJoin(this.PilotName));
  }

  #receive(): void {
    for (let left = packetsPerFrame; left > 0; left--) {
      const packet = this.#packets.GetPacket();
      if (packet === null) return;
      this.#handle(Protocol.DecodeServerMessage(packet));
    }
  }

  #handle(message: ServerMessage | null): void {
    switch (message?.Kind) {
      case "welcome":
        this.OwnId = message.Id;
        this.Welcomed.Emit(message.Id);
        break;
      case "roster":
        this.RosterReceived.Emit(message);
        break;
      case "snapshot":
        this.#measure(message.Acked);
        this.SnapshotReceived.Emit(message);
        break;
      case "bye":
        this.Dismissed.Emit(message);
        break;
      case undefined:
        this.Dismissed.Emit(null);
        break;
    }
  }

  #measure(acked: number): void {
    const sentAt = this.#sentAt.get(acked);
    if (sentAt === undefined) return;
    const took = performance.now() - sentAt;
    for (const sequence of this.#sentAt.keys()) {
      if (sequence > acked) break;
      this.#sentAt.delete(sequence);
    }
    const blend = this.RoundTripMs === 0 ? 1 : roundTripBlend;
    this.RoundTripMs += (took - this.RoundTripMs) * blend;
  }

  /** An input that finds no room is lost, and the server goes on with the buttons before it. */
  #send(message: Uint8Array): void {
    this.#packets.PutPacket(message);
  }

  #forget(): void {
    this.OwnId = null;
    this.RoundTripMs = 0;
    this.#sequence = 0;
    this.#sentAt.clear();
  }
}
