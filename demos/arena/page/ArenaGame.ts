/**
 * The game on the page: own ship predicted, others a moment behind, everything drawn by nodes. It
 * takes what an ArenaClient says and never waits for it; without a connection only the stars
 * move.
 */
import { Node } from "moonwire/engine";
import type { PixiApp } from "moonwire/engine/pixi";
import { Node2D } from "moonwire/engine/pixi";
import type { ArenaClient } from "../ArenaClient.ts";
import type { Snapshot } from "../Protocol.ts";
import { Rules } from "../Rules.ts";
import type { Ship, Shot } from "../Rules.ts";
import { Camera } from "./Camera.ts";
import type { Controls } from "./Controls.ts";
import { Effects } from "./Effects.ts";
import { Fleet } from "./Fleet.ts";
import type { OwnShip } from "./Fleet.ts";
import { Moon, MoonPlaces } from "./Moon.ts";
import { OwnShots } from "./OwnShots.ts";
import { Prediction } from "./Prediction.ts";
import { Radar } from "./Radar.ts";
import { ShotsView } from "./ShotsView.ts";
import { SnapshotBuffer } from "./SnapshotBuffer.ts";
import type { Scene } from "./SnapshotBuffer.ts";
import { Sparks } from "./Sparks.ts";
import { Starfield } from "./Starfield.ts";

const driftPerSecond = { x: 40, y: 14 };

export class ArenaGame extends Node {
  readonly Client: ArenaClient;
  Names: ReadonlyMap<number, string> = new Map();
  readonly #app: PixiApp;
  readonly #controls: Controls;
  readonly #camera = new Camera();
  readonly #snapshots = new SnapshotBuffer();
  #prediction = new Prediction();
  readonly #ownShots = new OwnShots();
  readonly #stars = new Starfield(this.#camera);
  readonly #world = new Node2D("World");
  readonly #shots = new ShotsView(this.#camera);
  readonly #fleet = new Fleet(this.#camera);
  readonly #sparks = new Sparks(this.#camera);
  readonly #effects = new Effects(this.#sparks);
  readonly #radar = new Radar(this.#camera);
  /** How much of a step has passed since the last one, 0..1. */
  #part = 0;

  constructor(app: PixiApp, client: ArenaClient, controls: Controls) {
    super();
    this.#app = app;
    this.Client = client;
    this.#controls = controls;
  }

  /** Everybody's newest known state, the own ship as predicted; for the score board and tests. */
  get Ships(): readonly Ship[] {
    const own = this.#prediction.Ship;
    const ships = this.#snapshots.Newest?.Ships ?? [];
    return ships.map((ship) => (ship.Id === own?.Id ? own : ship));
  }

  /** The newest step of the server that this page knows. */
  get Tick(): number {
    return this.#snapshots.Newest?.Tick ?? 0;
  }

  override Ready(): void {
    const moons = MoonPlaces.map((place) => new Moon(this.#camera, place));
    for (const part of [...moons, this.#shots, this.#fleet, this.#sparks]) {
      this.#world.AddChild(part);
    }
    for (const layer of [this.#stars, this.#world, this.#radar]) this.AddChild(layer);
    this.Client.Welcomed.Connect(() => this.#clear());
    this.Client.RosterReceived.Connect((roster) => {
      this.Names = roster.Names;
    });
    this.Client.SnapshotReceived.Connect((snapshot) => this.#onSnapshot(snapshot));
    this.#app.Resized.Connect(() => this.#fit());
    this.#fit();
  }

  override PhysicsProcess(): void {
    this.#part -= 1;
    const buttons = this.#controls.Take();
    const sequence = this.Client.SendInput(buttons);
    if (sequence === 0) return;
    const fires = this.#prediction.Step(sequence, buttons);
    const ship = this.#prediction.Ship;
    if (fires && ship !== null) {
      this.#ownShots.Fired(ship, sequence);
      this.#sparks.Flash(ship.X, ship.Y, ship.Angle);
    }
    this.#ownShots.Step();
  }

  override Process(delta: number): void {
    this.#part = Math.min(1, Math.max(0, this.#part + delta * Rules.stepsPerSecond));
    this.#snapshots.Advance(delta);
    this.#prediction.Fade(delta);
    this.#lookAtOwnShip(delta);
    this.#show(this.#snapshots.Sample());
  }

  #onSnapshot(snapshot: Snapshot): void {
    this.#snapshots.Add(snapshot);
    this.#ownShots.Acknowledge(snapshot.Acked);
    const own = snapshot.Ships.find((ship) => ship.Id === this.Client.OwnId);
    if (own !== undefined) this.#prediction.Correct(own, snapshot.Acked);
  }

  #placeShots(shots: readonly Shot[], ownId: number | null): readonly Shot[] {
    const isOwn = (shot: Shot): boolean => shot.Owner === ownId;
    const newest = this.#snapshots.Newest?.Shots ?? [];
    // The own ship is drawn up to a step behind its last input, see `Prediction.At`.
    const ahead = this.#prediction.PendingCount + this.#part - 1;
    const clocks = { Ahead: Math.max(0, ahead), Behind: this.#snapshots.BehindSteps };
    const own = this.#ownShots.Place(shots.filter(isOwn), newest.filter(isOwn), clocks);
    return [...shots.filter((shot) => !isOwn(shot)), ...own];
  }

  #ownShip(): OwnShip | null {
    const ship = this.#prediction.Ship;
    const pose = this.#prediction.At(this.#part);
    return ship === null || pose === null ? null : { Ship: ship, Pose: pose };
  }

  #lookAtOwnShip(delta: number): void {
    const own = this.#ownShip();
    if (own === null) this.#camera.Drift(driftPerSecond.x * delta, driftPerSecond.y * delta);
    else this.#camera.LookAt(own.Pose.X, own.Pose.Y);
  }

  #show(scene: Scene): void {
    const ownId = this.Client.OwnId;
    const own = this.#ownShip();
    this.#effects.Watch(scene.Ships, own);
    this.#shots.Show(this.#placeShots(scene.Shots, ownId), ownId);
    this.#fleet.Show(scene.Ships, this.Names, own);
    this.#radar.Visible = scene.Ships.length > 0;
    this.#radar.Show(scene.Ships, ownId);
  }

  #clear(): void {
    this.#snapshots.Clear();
    this.#prediction = new Prediction();
    this.#ownShots.Clear();
  }

  #fit(): void {
    const { x, y } = this.#app.Size;
    this.#camera.Fit(x, y);
    this.#world.Position = { x: x / 2, y: y / 2 };
    this.#world.Scale = { x: this.#camera.Zoom, y: this.#camera.Zoom };
    this.#stars.Fit(x, y);
    this.#radar.Fit(x);
  }
}
