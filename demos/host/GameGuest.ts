/**
 * A guest's side of a game, as a node: connects, says its name, sends what the player wants, and
 * keeps what the host says. Pages and the Node.js script use it alike; reconnecting is
 * TCPClientNode's work.
 */
import { Node, Signal } from "moonwire/engine";
import { PacketPeerStream, TCPClientNode } from "moonwire/networking";
import type { Game } from "./Game.ts";
import * as Protocol from "./Protocol.ts";
import type { HostMessage } from "./Protocol.ts";
import { Still } from "./Rules.ts";
import type { Scene, Steer } from "./Rules.ts";

/** Packets that one frame handles; more wait for the next. */
const packetsPerFrame = 60;

export class GameGuest extends Node implements Game {
  /** Set its Host and Port before the guest enters the tree. */
  readonly Net = new TCPClientNode();
  /** The own moth flies. */
  readonly Welcomed = new Signal();
  /** The host has no room, or sent something that makes no sense. */
  readonly Refused = new Signal<[why: string]>();
  OwnId = 0;
  Names: ReadonlyMap<number, string> = new Map();
  Scene: Scene | null = null;
  Steer: Steer = Still;
  readonly #name: string;
  readonly #packets = new PacketPeerStream();
  #said = "";

  constructor(name: string) {
    super();
    this.#name = name;
    this.Net.Connected.Connect(() => this.#onConnected());
    this.Net.DataReceived.Connect(() => this.#receive());
    this.Net.Disconnected.Connect(() => this.#forget());
    this.AddChild(this.Net);
  }

  /** Only what is new is said; the host keeps the rest. */
  override PhysicsProcess(): void {
    if (this.OwnId === 0) return;
    const message = Protocol.EncodeSteer(this.Steer);
    const text = message.join();
    if (text === this.#said) return;
    this.#packets.PutPacket(message);
    this.#said = text;
  }

  #onConnected(): void {
    this.#packets.StreamPeer = this.Net.GetPeer();
    this.#packets.PutPacket(Protocol.EncodeJoin(this.#name));
  }

  #receive(): void {
    for (let left = packetsPerFrame; left > 0; left--) {
      const packet = this.#packets.GetPacket();
      if (packet === null) return;
      this.#handle(Protocol.DecodeHost(packet));
    }
  }

  #handle(message: HostMessage | null): void {
    switch (message?.Kind) {
      case "welcome":
        this.OwnId = message.Id;
        this.Welcomed.Emit();
        break;
      case "names":
        this.Names = message.Names;
        break;
      case "scene":
        this.Scene = message.Scene;
        break;
      case "full":
        this.#refuse("The game is full.");
        break;
      case undefined:
        this.#refuse("The host sent something unexpected.");
        break;
    }
  }

  #refuse(why: string): void {
    this.Net.Disconnect();
    this.Refused.Emit(why);
  }

  #forget(): void {
    this.OwnId = 0;
    this.Scene = null;
    this.Names = new Map();
    this.#said = "";
  }
}
