/**
 * A page's mux and a bridge's mux joined by two queues in memory, in place of a WebSocket. Nothing
 * moves by itself: `Run` carries messages until both are silent, `Carry` a given number.
 */
import { ByteRing } from "../../../networking/core/ByteRing.ts";
import { IpAddress } from "../../../networking/core/IpAddress.ts";
import type { Endpoint } from "../../../networking/core/NetBackend.ts";
import { BridgeMux } from "../../../networking/mux/BridgeMux.ts";
import type { WispVersion } from "../../../networking/mux/Handshake.ts";
import type { WindowGrowth } from "../../../networking/mux/WindowGrowth.ts";
import type { Mux } from "../../../networking/mux/Mux.ts";
import type { MuxEvent } from "../../../networking/mux/MuxEvent.ts";
import type { MuxStream } from "../../../networking/mux/MuxStream.ts";
import { PageMux } from "../../../networking/mux/PageMux.ts";

export const local: Endpoint = { Address: new IpAddress("10.0.0.1"), Port: 50_000 };
export const remote: Endpoint = { Address: new IpAddress("10.0.0.2"), Port: 7_350 };

/** One end of a stream: its rings, as core or a target's socket would have them. */
export interface StreamEnd {
  readonly Stream: MuxStream;
  /** To the other end. */
  readonly Out: ByteRing;
  /** From the other end. */
  readonly In: ByteRing;
}

export class MuxPair {
  readonly Page: PageMux;
  readonly Bridge: BridgeMux;
  readonly PageEvents: MuxEvent[] = [];
  readonly BridgeEvents: MuxEvent[] = [];
  readonly ToBridge: Uint8Array[] = [];
  readonly ToPage: Uint8Array[] = [];

  /**
   * @param maxListeners that the bridge offers.
   * @param growth what its windows may grow beyond their rings.
   */
  constructor(version: WispVersion = 2, maxListeners = 0, growth?: WindowGrowth) {
    this.Page = new PageMux(version, (event) => this.PageEvents.push(event));
    this.Bridge = new BridgeMux(
      version,
      (event) => this.BridgeEvents.push(event),
      maxListeners,
      growth,
    );
    this.Run();
  }

  /** Collects what both want to say, and delivers it, until nobody says anything. */
  Run(): void {
    do {
      this.Collect();
      while (this.ToBridge.length > 0) this.Bridge.Receive(this.ToBridge.shift() as Uint8Array);
      while (this.ToPage.length > 0) this.Page.Receive(this.ToPage.shift() as Uint8Array);
      this.Collect();
    } while (this.ToBridge.length + this.ToPage.length > 0);
  }

  /** Takes what both want to say, and delivers nothing. */
  Collect(): void {
    drain(this.Page, this.ToBridge);
    drain(this.Bridge, this.ToPage);
  }

  /** A stream that is open on both ends. */
  Open(capacity = 65_536, bridgeCapacity = capacity): { page: StreamEnd; bridge: StreamEnd } {
    const page = this.Connect(capacity);
    const bridge = this.Answer(bridgeCapacity);
    return { page, bridge };
  }

  Connect(capacity = 65_536): StreamEnd {
    const [Out, In] = [ByteRing.Create(capacity), ByteRing.Create(capacity)];
    const Stream = this.Page.Connect("arena", 7_350, Out, In);
    this.Run();
    return { Stream, Out, In };
  }

  /** Opens the bridge's end of the latest CONNECT. */
  Answer(capacity = 65_536): StreamEnd {
    const asked = this.BridgeEvents.findLast((event) => event.Kind === "connect");
    if (asked?.Kind !== "connect") throw new Error("Nobody asked for a connection.");
    const [Out, In] = [ByteRing.Create(capacity), ByteRing.Create(capacity)];
    this.Bridge.Open(asked.Stream, Out, In, local, remote);
    this.Run();
    return { Stream: asked.Stream, Out, In };
  }
}

function drain(mux: Mux, into: Uint8Array[]): void {
  for (let message = mux.NextMessage(); message; message = mux.NextMessage()) into.push(message);
}

/** Takes everything out of a ring. */
export function TakeAll(ring: ByteRing): Uint8Array {
  const bytes = new Uint8Array(ring.Used());
  ring.Read(bytes);
  return bytes;
}

/** What the peer did wrong, as the mux says it. */
export function Failures(events: readonly MuxEvent[]): string[] {
  return events.flatMap((event) => (event.Kind === "failed" ? [event.Why] : []));
}
