/** An arena server on a free port with clients beside it, in one tree that runs in real time. */
import { LogLevel, Log, MainLoop, SceneTree, TimerClock } from "moonwire/engine";
import { PacketPeerStream, Status, StreamPeerTCP } from "moonwire/networking";
import { vi } from "vitest";
import { ArenaClient } from "../../../demos/arena/ArenaClient.ts";
import { ArenaServer } from "../../../demos/arena/ArenaServer.ts";
import { DecodeServerMessage } from "../../../demos/arena/Protocol.ts";
import type { ServerMessage } from "../../../demos/arena/Protocol.ts";
import { Rules } from "../../../demos/arena/Rules.ts";

const ceilingMs = 8_000;
export const loopback = "127.0.0.1";

/** Waits until `condition` holds. */
export async function Until(what: string, condition: () => boolean): Promise<void> {
  const check = (): void => {
    if (!condition()) throw new Error(`This did not happen in time: ${what}`);
  };
  await vi.waitFor(check, { timeout: ceilingMs, interval: 5 });
}

/** A peer that speaks packets by hand, and remembers what it got. */
export class RawPeer {
  readonly Peer = new StreamPeerTCP();
  readonly Packets = new PacketPeerStream();
  readonly Messages: (ServerMessage | null)[] = [];

  constructor(port: number) {
    this.Peer.ConnectToHost(loopback, port);
    this.Packets.StreamPeer = this.Peer;
  }

  async Connected(): Promise<this> {
    await Until("connected", () => this.Peer.GetStatus() === Status.STATUS_CONNECTED);
    return this;
  }

  /** Waits for the first message of this kind; what came before it is remembered too. */
  async Next<Kind extends ServerMessage["Kind"]>(
    kind: Kind,
  ): Promise<Extract<ServerMessage, { Kind: Kind }>> {
    const isWanted = (
      message: ServerMessage | null,
    ): message is Extract<ServerMessage, { Kind: Kind }> => message?.Kind === kind;
    let found: Extract<ServerMessage, { Kind: Kind }> | undefined;
    await Until(`a ${kind}`, () => {
      for (;;) {
        const packet = this.Packets.GetPacket();
        if (packet === null) return false;
        const message = DecodeServerMessage(packet);
        this.Messages.push(message);
        if (!isWanted(message)) continue;
        found = message;
        return true;
      }
    });
    if (found === undefined) throw new Error(`There was no ${kind}.`);
    return found;
  }

  async Gone(): Promise<void> {
    await Until("the end of the connection", () => {
      while (this.Packets.GetPacket() !== null);
      return this.Peer.GetStatus() !== Status.STATUS_CONNECTED;
    });
  }
}

export class ArenaBench {
  readonly Tree = new SceneTree({ RethrowErrors: true });
  readonly Server = new ArenaServer(1);
  readonly Loop = new MainLoop(this.Tree, new TimerClock(120), {
    PhysicsRate: Rules.stepsPerSecond,
  });

  constructor() {
    Log.Level = LogLevel.WARN;
    this.Server.Net.BindAddress = loopback;
    this.Tree.Root.AddChild(this.Server);
    this.Loop.Start();
  }

  get Port(): number {
    return this.Server.Net.GetLocalPort();
  }

  Client(name: string): ArenaClient {
    const client = new ArenaClient();
    client.PilotName = name;
    client.Net.Host = loopback;
    client.Net.Port = this.Port;
    this.Tree.Root.AddChild(client);
    return client;
  }

  async Raw(): Promise<RawPeer> {
    return await new RawPeer(this.Port).Connected();
  }

  async End(): Promise<void> {
    this.Tree.Quit();
    await this.Loop.Finished;
  }
}
