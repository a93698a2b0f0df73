/**
 * The player's side of the game, as a node. The page and the test use it alike; it comes back by
 * itself when the connection is lost.
 */
import { Node } from "moonwire/engine";
import { PacketPeerStream, TCPClientNode } from "moonwire/networking";

export interface Place {
  readonly Id: number;
  /** 0..1, from the left */
  readonly X: number;
  /** 0..1, from the top */
  readonly Y: number;
}

export class GameClient extends Node {
  /** Set its Host and Port before the client enters the tree. */
  readonly Net = new TCPClientNode();
  /** Everybody, as the server said last. */
  Places: readonly Place[] = [];
  readonly #packets = new PacketPeerStream();

  constructor() {
    super();
    this.Net.Connected.Connect(() => (this.#packets.StreamPeer = this.Net.GetPeer()));
    this.Net.DataReceived.Connect(() => this.#receive());
    this.Net.Disconnected.Connect(() => (this.Places = []));
    this.AddChild(this.Net);
  }

  /** Tells the server; does nothing while not connected. */
  MoveTo(x: number, y: number): void {
    if (this.Net.IsConnected()) this.#packets.PutVar([x, y]);
  }

  #receive(): void {
    while (this.#packets.GetAvailablePacketCount() > 0) {
      const places = this.#packets.GetVar();
      if (!Array.isArray(places)) continue;
      this.Places = places.map((place) => {
        const [Id, X, Y] = place as [number, number, number];
        return { Id, X, Y };
      });
    }
  }
}
