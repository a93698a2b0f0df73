/**
 * A Wisp client by hand: a `ws` WebSocket and the packets themselves, so that the bridge is tested
 * against the protocol and not against Moonwire's own page.
 */
import { WebSocket } from "ws";
import type { Packet } from "../../../networking/mux/Packet.ts";
import { PacketType } from "../../../networking/mux/Packet.ts";
import { DecodePacket } from "../../../networking/mux/PacketDecode.ts";
import { EncodePacket } from "../../../networking/mux/PacketEncode.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

export const pageOrigin = "http://localhost:5173";

export interface ClientOptions {
  readonly Protocols?: string[];
  readonly Origin?: string | null;
  readonly Path?: string;
  readonly AutoPong?: boolean;
  readonly Headers?: Record<string, string>;
  /** Where it comes from; the system's choice otherwise. */
  readonly LocalAddress?: string;
  /** PEM of the one authority that is trusted; `wss` with it. */
  readonly Ca?: string;
}

export class WispClient {
  readonly WebSocket: WebSocket;
  readonly Packets: Packet[] = [];
  /** The WebSocket's close code; null while it is open. */
  Closed: number | null = null;
  ClosedWhy = "";
  /** The HTTP status of a refused upgrade. */
  Refused: number | null = null;

  constructor(port: number, options: ClientOptions = {}) {
    const { Protocols = [], Origin = pageOrigin, Path = "/bridge/", AutoPong = true } = options;
    const scheme = options.Ca === undefined ? "ws" : "wss";
    this.WebSocket = new WebSocket(`${scheme}://127.0.0.1:${port}${Path}`, Protocols, {
      ...(Origin === null ? {} : { origin: Origin }),
      ...(options.Headers === undefined ? {} : { headers: options.Headers }),
      ...(options.Ca === undefined ? {} : { ca: options.Ca }),
      ...(options.LocalAddress === undefined ? {} : { localAddress: options.LocalAddress }),
      autoPong: AutoPong,
    });
    this.WebSocket.on("message", (message: Buffer) => {
      const decoded = DecodePacket(message);
      if (!decoded.Ok) throw new Error(`The bridge sent what does not decode: ${decoded.Problem}.`);
      this.Packets.push(decoded.Packet);
    });
    this.WebSocket.on("close", (code, why) => {
      this.Closed = code;
      this.ClosedWhy = why.toString();
    });
    this.WebSocket.on("error", () => undefined);
    this.WebSocket.on("unexpected-response", (_request, response) => {
      this.Refused = response.statusCode ?? 0;
      response.resume();
    });
  }

  Send(...packets: Packet[]): void {
    for (const packet of packets) this.WebSocket.send(EncodePacket(packet));
  }

  Connect(stream: number, port: number, host = "127.0.0.1"): void {
    this.Send({ Type: PacketType.CONNECT, Stream: stream, StreamType: 1, Port: port, Host: host });
  }

  SendData(stream: number, data: string | Uint8Array): void {
    const Data = typeof data === "string" ? new TextEncoder().encode(data) : data;
    this.Send({ Type: PacketType.DATA, Stream: stream, Data });
  }

  /** INFO with these extensions, as a v2 client sends it. */
  SendInfo(...Extensions: { Id: number; Metadata: Uint8Array }[]): void {
    this.Send({ Type: PacketType.INFO, Stream: 0, Major: 2, Minor: 0, Extensions });
  }

  Of<T extends Packet["Type"]>(type: T): Extract<Packet, { Type: T }>[] {
    return this.Packets.filter((packet) => packet.Type === type) as Extract<Packet, { Type: T }>[];
  }

  /** All data of a stream so far, as text. */
  Text(stream: number): string {
    const parts = this.Of(PacketType.DATA).filter(({ Stream }) => Stream === stream);
    return parts.map(({ Data }) => Buffer.from(Data).toString()).join("");
  }

  WaitPacket(type: Packet["Type"], count = 1): Promise<void> {
    return WaitFor(() => this.Of(type).length >= count, `packet type ${type} from the bridge`);
  }

  WaitText(stream: number, text: string): Promise<void> {
    return WaitFor(() => this.Text(stream) === text, `"${text}" on stream ${stream}`);
  }

  WaitClosed(): Promise<void> {
    return WaitFor(() => this.Closed !== null, "the WebSocket's end");
  }

  WaitRefused(): Promise<void> {
    return WaitFor(() => this.Refused !== null, "a refused upgrade");
  }

  End(): void {
    this.WebSocket.terminate();
  }
}
