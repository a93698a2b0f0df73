/**
 * One session without a network: a WebSocket that the test plays, targets that the test answers,
 * and a clock that the test moves, so that a limit is met exactly.
 */
import { EventEmitter } from "node:events";
import { pino } from "pino";
import type { WebSocket } from "ws";
import { BridgeCounters } from "../../../networking/bridge/BridgeCounters.ts";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { BridgeSession } from "../../../networking/bridge/BridgeSession.ts";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";
import { FloodLog } from "../../../networking/bridge/FloodLog.ts";
import type { PolicyOptions } from "../../../networking/bridge/Policy.ts";
import { FrameBuffers } from "../../../networking/bridge/FrameBuffers.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import { TargetTls } from "../../../networking/bridge/TargetTls.ts";
import { EncodeMwxInfo, OwnMwxInfo } from "../../../networking/mux/MwxInfo.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { ExtensionId, PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { DialBackend } from "./DialBackend.ts";

/** As much of `ws` as a session uses. */
class PlayedWebSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  isPaused = false;
  readonly protocol: string;
  /** Pongs and messages that the network has not taken. */
  readonly Pongs: (() => void)[] = [];
  readonly Packets: Packet[] = [];
  /** What the bridge's pings carried. */
  readonly Pings: Uint8Array[] = [];
  /** Close code, or "terminated"; null while it stands. */
  Ended: number | "terminated" | null = null;

  constructor(protocol: string) {
    super();
    this.protocol = protocol;
  }

  send(message: Uint8Array, done: () => void): void {
    const decoded = DecodePacket(message);
    if (!decoded.Ok) throw new Error(`The bridge sent what does not decode: ${decoded.Problem}.`);
    this.Packets.push(decoded.Packet);
    if (this.bufferedAmount === 0) done();
  }

  ping(payload: Uint8Array): void {
    this.Pings.push(payload);
  }

  pong(_data: Uint8Array, _masked: boolean, done: () => void): void {
    this.Pongs.push(done);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(code: number): void {
    this.readyState = 2;
    this.Ended ??= code;
  }

  terminate(): void {
    this.readyState = 3;
    this.Ended ??= "terminated";
    this.emit("close", 1006);
  }
}

export class SessionStage {
  readonly Backend = new DialBackend();
  readonly Far: PlayedWebSocket;
  readonly Session: BridgeSession;
  readonly Counters = new BridgeCounters();
  readonly Memory = new MemoryBudget(BridgeLimits.processWindowBytes);

  /** @param protocol "" for version 1. @param limits other than the defaults. */
  constructor(
    protocol = "mwx1",
    policy: PolicyOptions = { Dev: true },
    limits: Partial<BridgeLimits> = {},
  ) {
    this.Far = new PlayedWebSocket(protocol);
    const log = pino({ level: "silent" });
    const context = {
      Backend: this.Backend,
      Policy: new Policy(policy),
      Limits: { ...BridgeLimits, ...limits },
      Memory: this.Memory,
      Frames: new FrameBuffers(BridgeLimits.frameBuffers),
      Counters: this.Counters,
      Tls: new TargetTls("", BridgeLimits),
      Flood: new FloodLog(log, BridgeLimits),
    };
    this.Session = new BridgeSession(this.Far as unknown as WebSocket, context, log);
  }

  /** One that has said INFO, so it speaks MWX. */
  static Ready(...rest: ConstructorParameters<typeof SessionStage>): SessionStage {
    const stage = new SessionStage(...rest);
    const extension = { Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(OwnMwxInfo) };
    const info = { Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0 } as const;
    stage.Say({ ...info, Extensions: [extension] });
    return stage;
  }

  /** The page's answer to the bridge's last ping, or whatever else it says. */
  Pong(payload: Uint8Array = this.Far.Pings.at(-1) ?? new Uint8Array(0)): void {
    this.Far.emit("pong", Buffer.from(payload));
  }

  Say(packet: Packet): void {
    this.Far.emit("message", EncodePacket(packet), true);
  }

  Connect(stream: number, host = "127.0.0.1"): void {
    this.Say({ Type: PacketType.CONNECT, Stream: stream, StreamType: 1, Port: 80, Host: host });
  }

  Resolve(id: number, host = "localhost"): void {
    this.Say({ Type: PacketType.RESOLVE, Stream: id, Family: 0, Host: host });
  }

  Of<T extends Packet["Type"]>(type: T): Extract<Packet, { Type: T }>[] {
    const all = this.Far.Packets.filter((packet) => packet.Type === type);
    return all as Extract<Packet, { Type: T }>[];
  }

  /** Moves the clock and has the deadlines looked at, as the server does. */
  At(timeMs: number): void {
    this.Backend.TimeMs = timeMs;
    this.Session.Sweep(timeMs);
  }
}
