/**
 * The game's truth: where every player is. A peer sends a packet `[x, y]` when it moves; everybody
 * gets all places, `[[id, x, y], ...]`, once a tick.
 */
import { Node } from "moonwire/engine";
import { PacketPeerStream, TCPServerNode } from "moonwire/networking";
import type { Variant } from "moonwire/networking";

interface Player {
  readonly Packets: PacketPeerStream;
  X: number;
  Y: number;
}

/** What one player may say in one tick; more waits for the next. */
const packetsPerTick = 10;

export class GameServer extends Node {
  /** Set its Port and BindAddress before the server enters the tree. */
  readonly Net = new TCPServerNode();
  readonly #players = new Map<number, Player>();

  constructor() {
    super();
    this.Net.PeerConnected.Connect((peer, id) => {
      const packets = new PacketPeerStream();
      packets.StreamPeer = peer;
      this.#players.set(id, { Packets: packets, X: 0.5, Y: 0.5 });
    });
    this.Net.PeerDisconnected.Connect((id) => this.#players.delete(id));
    this.AddChild(this.Net);
  }

  override Process(): void {
    for (const player of this.#players.values()) this.#read(player);
    const places = [...this.#players].map(([id, { X, Y }]) => [id, X, Y]);
    // Whoever reads too slowly misses this one and gets the next.
    for (const { Packets } of this.#players.values()) Packets.PutVar(places);
  }

  #read(player: Player): void {
    for (let i = 0; i < packetsPerTick && player.Packets.GetAvailablePacketCount() > 0; i++) {
      // The network says what it likes: only what makes sense is taken.
      const place = readPlace(player.Packets.GetVar());
      if (place !== null) [player.X, player.Y] = place;
    }
  }
}

function readPlace(message: Variant): [x: number, y: number] | null {
  if (!Array.isArray(message)) return null;
  const [x, y] = message;
  return inField(x) && inField(y) ? [x, y] : null;
}

function inField(value: Variant | undefined): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}
