/**
 * Brings a Godot program and a Moonwire stream together over loopback, in either role, and ends
 * both with the test.
 */
import { afterEach, beforeAll } from "vitest";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { Status } from "../../networking/core/Status.ts";
import type { Network } from "../Support/Network.ts";
import { Succeed, UseNetwork, WaitStatus } from "../Support/Network.ts";
import { PlainServer } from "../Support/PlainPeer.ts";
import { GodotPath } from "./Godot.ts";
import type { GodotOptions } from "./GodotProgram.ts";
import { GodotProgram } from "./GodotProgram.ts";

/** What Godot is in a test; Moonwire is the other. */
export const Roles = ["client", "server"] as const;
export type Role = (typeof Roles)[number];

export interface Meeting {
  readonly Godot: GodotProgram;
  readonly Moonwire: StreamPeerTCP;
}

export class GodotStage {
  readonly Network: Network;
  #programs: GodotProgram[] = [];

  constructor(network: Network) {
    this.Network = network;
  }

  /** Starts a program; it connects to `Port` of 127.0.0.1, or listens there. */
  async Start(script: string, options: GodotOptions): Promise<GodotProgram> {
    const cues = await this.Network.PlainServer();
    const program = new GodotProgram(script, options, cues);
    this.#programs.push(program);
    return program;
  }

  /** Starts a program that listens, and waits until it does. @returns it and its port */
  async Listening(script: string, Play: string): Promise<[GodotProgram, number]> {
    const Port = await freePort();
    const program = await this.Start(script, { Play, Port, Role: "server" });
    await program.Said("listening");
    return [program, Port];
  }

  /** A program whose stream is connected to the one that is returned beside it. */
  async Meet(script: string, Play: string, role: Role): Promise<Meeting> {
    if (role === "client") {
      const server = this.Network.Listening();
      const Port = server.GetLocalPort();
      const Godot = await this.Start(script, { Play, Port, Role: "client" });
      const Moonwire = await this.Network.Take(server);
      await Godot.Said("met");
      return { Godot, Moonwire };
    }
    const [Godot, port] = await this.Listening(script, Play);
    const Moonwire = this.Network.Stream();
    Succeed(Moonwire.ConnectToHost("127.0.0.1", port));
    await WaitStatus(Moonwire, Status.STATUS_CONNECTED);
    await Godot.Said("met");
    return { Godot, Moonwire };
  }

  async EndAll(): Promise<void> {
    await Promise.all(this.#programs.splice(0).map((program) => program.Kill()));
  }
}

export function UseGodot(): GodotStage {
  beforeAll(() => void GodotPath());
  const stage = new GodotStage(UseNetwork());
  afterEach(() => stage.EndAll());
  return stage;
}

/** Free a moment ago. Godot 3.2 cannot tell which port the system chose for it. */
async function freePort(): Promise<number> {
  const server = await PlainServer.Start();
  server.Stop();
  return server.Port;
}
