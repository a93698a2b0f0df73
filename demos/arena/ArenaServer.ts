/**
 * The arena's authoritative server, as a node: takes pilots in, steps the world 30 times a
 * second, and sends everybody a snapshot of it. A peer that sends garbage, says no name or does
 * not read is let go and counted; the others never notice. Run it in a loop whose PhysicsRate is
 * `Rules.stepsPerSecond`.
 */
import { Log, Node } from "moonwire/engine";
import { CloseReasonName, TCPServerNode } from "moonwire/networking";
import type { StreamPeerTCP } from "moonwire/networking";
import { Pilot } from "./Pilot.ts";
import { CleanName } from "./PilotName.ts";
import * as Protocol from "./Protocol.ts";
import type { ClientMessage, Join } from "./Protocol.ts";
import { Rules } from "./Rules.ts";
import { World } from "./World.ts";

const { ByeReason } = Protocol;

/** Some more connections than ships, so that one too many can be told that the arena is full. */
const spareConnections = 8;
const idleTimeoutMs = 30_000;

export class ArenaServer extends Node {
  /** Set its Port and BindAddress before the server enters the tree. */
  readonly Net = new TCPServerNode();
  /** Peers that were let go since the start, by cause. */
  readonly Dropped = { Garbage: 0, Slow: 0, Late: 0 };
  readonly #world: World;
  readonly #pilots = new Map<number, Pilot>();
  /** Those who have joined, by ship. */
  readonly #flying = new Map<number, Pilot>();
  #lastShip = 0;

  /** @param seed decides where ships appear. */
  constructor(seed = Date.now()) {
    super();
    this.#world = new World(seed);
    this.Net.MaxConnections = Rules.maxShips + spareConnections;
    this.Net.IdleTimeout = idleTimeoutMs;
    this.Net.PeerConnected.Connect((peer, id) => this.#onPeerConnected(peer, id));
    this.Net.DataReceived.Connect((_, id) => this.#receive(id));
    this.Net.PeerDisconnected.Connect((id, reason) => {
      this.#remove(id, `connection closed (${CloseReasonName(reason)})`);
    });
    this.AddChild(this.Net);
  }

  get PilotCount(): number {
    return this.#flying.size;
  }

  /**
   * Tells everybody and stops listening. The last bytes have `graceMs` milliseconds to leave.
   * @returns a promise for when the last peer is gone.
   */
  Close(graceMs: number): Promise<void> {
    for (const pilot of this.#pilots.values()) pilot.Send(Protocol.EncodeBye(ByeReason.CLOSING));
    return this.Net.Shutdown(graceMs);
  }

  override PhysicsProcess(): void {
    for (const pilot of this.#pilots.values()) pilot.Step();
    this.#world.Step((ship) => this.#flying.get(ship)?.Buttons ?? 0);
    this.#sendAll();
    for (const pilot of this.#pilots.values()) this.#judge(pilot);
  }

  #onPeerConnected(peer: StreamPeerTCP, id: number): void {
    this.#pilots.set(id, new Pilot(id, peer));
  }

  #receive(id: number): void {
    const pilot = this.#pilots.get(id);
    if (pilot === undefined || pilot.Receive((message) => this.#handle(pilot, message))) return;
    this.Dropped.Garbage++;
    this.#dismiss(pilot, ByeReason.GARBAGE);
  }

  /** @returns false when the message makes no sense at this point. */
  #handle(pilot: Pilot, message: ClientMessage): boolean {
    switch (message.Kind) {
      case "join":
        return pilot.ShipId === 0 && this.#join(pilot, message);
      case "input":
        return pilot.ShipId !== 0 && pilot.AddInput(message.Sequence, message.Buttons);
    }
  }

  /** @returns true: a join is no garbage, even when the answer is no. */
  #join(pilot: Pilot, join: Join): boolean {
    if (join.Version !== Protocol.protocolVersion) this.#dismiss(pilot, ByeReason.VERSION);
    else if (this.#world.AddShip(this.#freeShipId()) === null) {
      this.#dismiss(pilot, ByeReason.FULL);
    } else {
      pilot.ShipId = this.#lastShip;
      pilot.Name = CleanName(join.Name);
      pilot.Send(Protocol.EncodeWelcome(pilot.ShipId));
      this.#flying.set(pilot.ShipId, pilot);
      this.#rosterChanged();
      Log.Info(`${pilot.Name} joined (${this.PilotCount} in the arena)`);
    }
    return true;
  }

  /** Ids count up, so that a newcomer is not taken for somebody who just left. */
  #freeShipId(): number {
    do this.#lastShip = (this.#lastShip % 65_535) + 1;
    while (this.#flying.has(this.#lastShip));
    return this.#lastShip;
  }

  #sendAll(): void {
    const { Tick, Ships, Shots } = this.#world;
    const snapshot = Protocol.EncodeSnapshot(Tick, Ships, Shots);
    for (const pilot of this.#flying.values()) {
      if (pilot.RosterDue) pilot.RosterDue = !pilot.Send(this.#roster());
      pilot.SendSnapshot(snapshot);
    }
  }

  #roster(): Uint8Array {
    return Protocol.EncodeRoster(new Map([...this.#flying].map(([id, { Name }]) => [id, Name])));
  }

  #rosterChanged(): void {
    for (const pilot of this.#flying.values()) pilot.RosterDue = true;
  }

  #judge(pilot: Pilot): void {
    if (pilot.IsSlow) {
      this.Dropped.Slow++;
      this.#remove(pilot.Id, "it read too slowly");
      this.Net.DisconnectPeer(pilot.Id);
    } else if (pilot.IsLate) {
      this.Dropped.Late++;
      this.#dismiss(pilot, ByeReason.NOT_JOINED);
    }
  }

  /** Says why, then closes the connection. */
  #dismiss(pilot: Pilot, reason: Protocol.ByeReason): void {
    pilot.Send(Protocol.EncodeBye(reason));
    this.#remove(pilot.Id, Protocol.ByeText(reason));
    this.Net.DisconnectPeer(pilot.Id);
  }

  /** Forgets a pilot and its ship; the second call does nothing. */
  #remove(id: number, why: string): void {
    const pilot = this.#pilots.get(id);
    if (pilot === undefined) return;
    this.#pilots.delete(id);
    if (!this.#flying.delete(pilot.ShipId)) return;
    this.#world.RemoveShip(pilot.ShipId);
    this.#rosterChanged();
    Log.Info(`${pilot.Name} left (${this.PilotCount} in the arena): ${why}`);
  }
}
