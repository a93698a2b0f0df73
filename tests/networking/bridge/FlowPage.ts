/**
 * A page that speaks MWX by hand, and decides by itself what it grants: streams that send and
 * receive the pattern of FlowEnds, and may stop to read.
 */
import { SocketError } from "../../../networking/core/SocketError.ts";
import { MuxLimits } from "../../../networking/mux/MuxLimits.ts";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { CodeOf } from "../../../networking/mux/WispReason.ts";
import { FillPattern, IsPattern } from "../../bench/bridge/Pattern.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import type { WispClient } from "./WispClient.ts";

export class FlowStream {
  Opened = false;
  Received = 0;
  /** Every byte so far was the one that belongs there. */
  Right = true;
  /**
   * How the bytes from the bridge ended: SUCCESS is a FIN that fits them, or an orderly CLOSE,
   * which is what a target's end is when the page had ended before.
   */
  EndedWith: SocketError | null = null;
  Sent = 0;
  readonly #client: WispClient;
  readonly #id: number;
  readonly #windowBytes: number;
  #granted = 0;
  #paused: boolean;
  /** The bridge's grant. */
  #room = 0;
  #total = 0;
  #wantsFin = false;

  /** @param reading false: nothing beyond the first window is granted until `Resume`. */
  constructor(client: WispClient, id: number, windowBytes: number, reading: boolean) {
    this.#client = client;
    this.#id = id;
    this.#windowBytes = windowBytes;
    this.#paused = !reading;
    this.#grant();
  }

  Pause(): void {
    this.#paused = true;
  }

  Resume(): void {
    this.#paused = false;
    this.#grant();
  }

  /** Sends until it is so many bytes in all, as far as the bridge grants. */
  Send(total: number): void {
    this.#total = total;
    this.#send();
  }

  /** The same, and then FIN. */
  Pour(total: number): void {
    this.#wantsFin = true;
    this.Send(total);
  }

  On(packet: Packet): void {
    if (packet.Type === PacketType.DATA) this.#onData(packet.Data);
    else if (packet.Type === PacketType.FIN) this.#onFin(packet.Offset);
    else if (packet.Type === PacketType.CLOSE) this.EndedWith = CodeOf(packet.Reason, packet.Code);
    else if (packet.Type === PacketType.OPENED || packet.Type === PacketType.WINDOW) {
      this.Opened = true;
      this.#room = packet.Offset;
      this.#send();
    }
  }

  #onData(data: Uint8Array): void {
    this.Right &&= IsPattern(data, this.Received);
    this.Received += data.length;
    if (!this.#paused && this.#granted - this.Received <= this.#windowBytes / 2) this.#grant();
  }

  #onFin(offset: number): void {
    const fits = offset === this.Received;
    this.EndedWith = fits ? SocketError.SUCCESS : SocketError.PROTOCOL_ERROR;
  }

  #grant(): void {
    this.#granted = this.Received + this.#windowBytes;
    this.#client.Send({ Type: PacketType.WINDOW, Stream: this.#id, Offset: this.#granted });
  }

  #send(): void {
    while (this.Sent < Math.min(this.#room, this.#total)) {
      const most = Math.min(this.#room, this.#total) - this.Sent;
      const part = FillPattern(this.Sent, Math.min(MuxLimits.quantumBytes, most));
      this.#client.SendData(this.#id, part);
      this.Sent += part.length;
    }
    if (!this.#wantsFin || this.Sent < this.#total) return;
    this.#wantsFin = false;
    this.#client.Send({ Type: PacketType.FIN, Stream: this.#id, Offset: this.Sent });
  }
}

export class FlowPage {
  readonly #client: WispClient;
  readonly #streams = new Map<number, FlowStream>();
  #lastId = 0;

  /** @param client past its handshake; what comes is not kept in it any more. */
  constructor(client: WispClient) {
    this.#client = client;
    client.WebSocket.removeAllListeners("message");
    client.WebSocket.on("message", (message: Buffer) => {
      const decoded = DecodePacket(message);
      if (decoded.Ok) this.#streams.get(decoded.Packet.Stream)?.On(decoded.Packet);
    });
  }

  /** Connects to a port of this machine. */
  async Open(port: number, windowBytes: number, reading = true): Promise<FlowStream> {
    const id = ++this.#lastId;
    this.#client.Connect(id, port);
    const stream = new FlowStream(this.#client, id, windowBytes, reading);
    this.#streams.set(id, stream);
    await WaitFor(() => stream.Opened, `stream ${id} to open`);
    return stream;
  }
}
