/**
 * The first packets of a WebSocket: which version is spoken, and whether with MWX.
 *
 *     v2   bridge INFO -> page INFO -> bridge CONTINUE on stream 0   (with a subprotocol)
 *     v1   bridge CONTINUE on stream 0                                 (without one)
 *
 * Some servers send CONTINUE before INFO; a page takes them in either order. Some take any
 * subprotocol and speak v1 all the same; a page that has waited for INFO long enough does so, too.
 */
import type { ContinuePacket, Extension, InfoPacket, Packet } from "./Packet.ts";
import { ExtensionId, PacketType } from "./Packet.ts";
import { MuxLimits } from "./MuxLimits.ts";
import type { MwxInfo } from "./MwxInfo.ts";
import { CommonMwxInfo, DecodeMwxInfo, EncodeMwxInfo, OwnMwxInfo } from "./MwxInfo.ts";

/** Which end of the WebSocket this is. */
export type MuxRole = "page" | "bridge";
export type WispVersion = 1 | 2;

/** Packets to send in answer; `null` means that the handshake does not allow what came. */
export type HandshakeAnswer = readonly Packet[] | null;

export class Handshake {
  readonly #role: MuxRole;
  #version: WispVersion;
  readonly #own: MwxInfo;
  #info: InfoPacket | null = null;
  #credit: number | null = null;
  #mwx: MwxInfo | null = null;
  #confirmsOpen = false;

  /** @param own what this end offers of MWX. */
  constructor(role: MuxRole, version: WispVersion, own: MwxInfo = OwnMwxInfo) {
    this.#role = role;
    this.#version = version;
    this.#own = own;
    // A v1 bridge announces its credit and waits for nothing.
    if (role === "bridge" && version === 1) this.#credit = MuxLimits.plainCreditPackets;
  }

  /** What this side sends before it has heard anything. */
  Opening(): readonly Packet[] {
    if (this.#role === "page") return [];
    return [this.#version === 2 ? ownInfo([streamOpen, this.#offer()]) : ownContinue];
  }

  IsDone(): boolean {
    return this.#credit !== null && (this.#version === 1 || this.#info !== null);
  }

  /** What both sides offer of MWX; null without it. */
  Mwx(): MwxInfo | null {
    return this.#mwx;
  }

  /** The bridge confirms an open plain stream by CONTINUE (Wisp 2.0, extension 0x05). */
  ConfirmsOpen(): boolean {
    return this.#confirmsOpen;
  }

  /** The packets that a plain stream may send at first; known when done. */
  Credit(): number {
    return this.#credit ?? 0;
  }

  /** INFO, at most one per side and only in version 2. */
  Info(packet: InfoPacket): HandshakeAnswer {
    if (this.#version === 1 || this.#info !== null || packet.Stream !== 0) return null;
    this.#info = packet;
    const theirs = packet.Extensions.find(({ Id }) => Id === ExtensionId.MWX);
    const mwx = theirs === undefined ? null : DecodeMwxInfo(theirs.Metadata);
    this.#mwx = mwx === null ? null : CommonMwxInfo(mwx, this.#own);
    this.#confirmsOpen = packet.Extensions.some(({ Id }) => Id === ExtensionId.STREAM_OPEN);
    if (this.#role === "page") {
      // Only what the server offered: some servers end the connection over anything else.
      const answer = [];
      if (this.#confirmsOpen) answer.push(streamOpen);
      if (this.#mwx !== null) answer.push(this.#offer());
      return [ownInfo(answer)];
    }
    this.#credit = MuxLimits.plainCreditPackets;
    return [ownContinue];
  }

  /** CONTINUE on stream 0; a page keeps the latest. */
  Continue(packet: ContinuePacket): HandshakeAnswer {
    if (this.#role === "bridge") return null;
    this.#credit = packet.Credit;
    return [];
  }

  /** Page: CONTINUE has come and INFO will not. @returns whether that makes the handshake done. */
  SettleForV1(): boolean {
    if (this.#role === "bridge" || this.#credit === null || this.#info !== null) return false;
    this.#version = 1;
    return true;
  }

  #offer(): Extension {
    return { Id: ExtensionId.MWX, Metadata: EncodeMwxInfo(this.#own) };
  }
}

const streamOpen: Extension = { Id: ExtensionId.STREAM_OPEN, Metadata: new Uint8Array(0) };

const ownContinue: ContinuePacket = {
  Type: PacketType.CONTINUE,
  Stream: 0,
  Credit: MuxLimits.plainCreditPackets,
};

function ownInfo(extensions: readonly Extension[]): InfoPacket {
  return { Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0, Extensions: extensions };
}
