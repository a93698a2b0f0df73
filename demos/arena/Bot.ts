/** One bot: an arena client whose pilot is a beginner. Reconnects as a page does. */
import { Node } from "moonwire/engine";
import type { TLSOptions } from "moonwire/networking";
import { ArenaClient } from "./ArenaClient.ts";
import { BotPilot } from "./BotPilot.ts";
import type { Ship } from "./Rules.ts";

export class Bot extends Node {
  readonly Client = new ArenaClient();
  readonly #pilot = new BotPilot(Math.random);
  #ships: readonly Ship[] = [];

  /**
   * @param host where the arena server listens.
   * @param port 1..65535.
   * @param tls what the server is spoken to with; null: plain TCP.
   */
  constructor(name: string, host: string, port: number, tls: TLSOptions | null = null) {
    super(name);
    this.Client.PilotName = name;
    this.Client.Net.Host = host;
    this.Client.Net.Port = port;
    this.Client.Net.TLS = tls;
    this.Client.SnapshotReceived.Connect((snapshot) => {
      this.#ships = snapshot.Ships;
    });
    this.AddChild(this.Client);
  }

  override PhysicsProcess(): void {
    const own = this.#ships.find((ship) => ship.Id === this.Client.OwnId) ?? null;
    this.Client.SendInput(this.#pilot.Decide(own, this.#ships));
  }
}
