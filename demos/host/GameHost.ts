/**
 * The host's side of a game, as a node: a TCPServerNode and the meadow. It runs in a page as well
 * as in Node.js; in a page the bridge listens for it.
 *
 * A guest that sends garbage, says no name in time or does not read is let go. Run it in a loop
 * whose PhysicsRate is `Rules.stepsPerSecond`.
 */
import { Node, Signal } from "moonwire/engine";
import { PacketPeerStream, SocketError, TCPServerNode } from "moonwire/networking";
import type { StreamPeerTCP } from "moonwire/networking";
import type { Game } from "./Game.ts";
import { Meadow } from "./Meadow.ts";
import * as Protocol from "./Protocol.ts";
import { Rules, Still } from "./Rules.ts";
import type { Scene, Steer } from "./Rules.ts";

/** A few more connections than moths, so that one too many hears that the game is full. */
const spareConnections = 4;
const packetsPerFrame = 8;
/** No honest message is longer. */
const inputBufferBytes = 256;
/** Scenes that found no room, in a row, and steps without a name, until a guest is let go. */
const patienceSteps = 3 * Rules.stepsPerSecond;

interface Guest {
  readonly Packets: PacketPeerStream;
  /** 0 until it has said its name. */
  mothId: number;
  steer: Steer;
  waited: number;
}

export class GameHost extends Node implements Game {
  /** Set its Port and SocketOptions before the host enters the tree. */
  readonly Net = new TCPServerNode();
  /** A guest came or went. */
  readonly NamesChanged = new Signal();
  OwnId = 0;
  Steer: Steer = Still;
  readonly #names = new Map<number, string>();
  readonly #meadow: Meadow;
  readonly #guests = new Map<number, Guest>();

  /** @param ownName of the player at this machine; null for a host that only watches. */
  constructor(ownName: string | null, meadow = new Meadow()) {
    super();
    this.#meadow = meadow;
    if (ownName !== null) {
      this.OwnId = meadow.Add();
      this.#names.set(this.OwnId, ownName);
    }
    this.Net.MaxConnections = Rules.maxMoths + spareConnections;
    this.Net.PeerConnected.Connect((peer, id) => this.#onPeer(peer, id));
    this.Net.DataReceived.Connect((_, id) => this.#receive(id));
    this.Net.PeerDisconnected.Connect((id) => this.#remove(id));
    this.AddChild(this.Net);
  }

  get Names(): ReadonlyMap<number, string> {
    return this.#names;
  }

  get Scene(): Scene {
    return this.#meadow;
  }

  override PhysicsProcess(): void {
    const steers = new Map([[this.OwnId, this.Steer]]);
    for (const { mothId, steer } of this.#guests.values()) steers.set(mothId, steer);
    this.#meadow.Step((id) => steers.get(id) ?? Still);
    const scene = Protocol.EncodeScene(this.#meadow);
    for (const [id, guest] of this.#guests) {
      const sent = guest.mothId > 0 && send(guest, scene);
      guest.waited = sent ? 0 : guest.waited + 1;
      if (guest.waited > patienceSteps) this.#dismiss(id);
    }
  }

  #onPeer(peer: StreamPeerTCP, id: number): void {
    const Packets = new PacketPeerStream();
    Packets.InputBufferMaxSize = inputBufferBytes;
    Packets.StreamPeer = peer;
    this.#guests.set(id, { Packets, mothId: 0, steer: Still, waited: 0 });
  }

  #receive(id: number): void {
    const guest = this.#guests.get(id);
    for (let left = packetsPerFrame; guest !== undefined && left > 0; left--) {
      const packet = guest.Packets.GetPacket();
      const broken = guest.Packets.GetPacketError() === SocketError.PROTOCOL_ERROR;
      if (packet === null && !broken) return;
      const message = packet === null ? null : Protocol.DecodeGuest(packet);
      if (message?.Kind === "steer") guest.steer = message.Steer;
      else if (message?.Kind === "join" && guest.mothId === 0) this.#join(id, guest, message.Name);
      else return this.#dismiss(id);
    }
  }

  #join(id: number, guest: Guest, name: string): void {
    guest.mothId = this.#meadow.Add();
    if (guest.mothId === 0) {
      send(guest, Protocol.EncodeFull());
      this.#dismiss(id);
      return;
    }
    this.#names.set(guest.mothId, name);
    send(guest, Protocol.EncodeWelcome(guest.mothId));
    this.#tellNames();
  }

  #dismiss(id: number): void {
    this.Net.DisconnectPeer(id);
  }

  #remove(id: number): void {
    const guest = this.#guests.get(id);
    if (guest === undefined) return;
    this.#guests.delete(id);
    this.#meadow.Remove(guest.mothId);
    if (this.#names.delete(guest.mothId)) this.#tellNames();
  }

  #tellNames(): void {
    const names = Protocol.EncodeNames(this.#names);
    for (const guest of this.#guests.values()) if (guest.mothId > 0) send(guest, names);
    this.NamesChanged.Emit();
  }
}

function send(guest: Guest, message: Uint8Array): boolean {
  return guest.Packets.PutPacket(message) === SocketError.SUCCESS;
}
