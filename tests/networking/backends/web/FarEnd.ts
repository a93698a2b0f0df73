/** The bridge's end of a fake WebSocket, with one target that the test plays. */
import { ByteRing } from "../../../../networking/core/ByteRing.ts";
import { BridgeMux } from "../../../../networking/mux/BridgeMux.ts";
import type { MuxEvent } from "../../../../networking/mux/MuxEvent.ts";
import { local, remote } from "../../mux/MuxPair.ts";
import type { FakeWebSocket } from "./FakeWebSocket.ts";
import { Latest } from "./FakeWebSocket.ts";

/** The synchronous run ends, and the backend passes on what happened in it. */
export async function NextRun(): Promise<void> {
  await Promise.resolve();
  await Promise.resolve();
}

/** A bridge's mux at the far end of a fake WebSocket. */
export class FarEnd {
  readonly Events: MuxEvent[] = [];
  readonly Mux: BridgeMux;
  readonly In = ByteRing.Create(1_024);
  readonly Out = ByteRing.Create(1_024);
  readonly #webSocket: FakeWebSocket;

  constructor(webSocket = Latest(), maxListeners = 4) {
    this.#webSocket = webSocket;
    webSocket.Accept("mwx1");
    this.Mux = new BridgeMux(2, (event) => this.Events.push(event), maxListeners);
  }

  /** Carries messages until both are silent. */
  async Run(): Promise<void> {
    for (let quiet = false; !quiet;) {
      await NextRun();
      quiet = true;
      for (const message of this.#webSocket.Sent.splice(0)) {
        this.Mux.Receive(message);
        quiet = false;
      }
      for (let out = this.Mux.NextMessage(); out; out = this.Mux.NextMessage()) {
        this.#webSocket.Say(out);
        quiet = false;
      }
    }
  }

  /** Answers the latest CONNECT. */
  async Open(): Promise<Extract<MuxEvent, { Kind: "connect" }>["Stream"]> {
    await this.Run();
    const asked = this.Events.findLast((event) => event.Kind === "connect");
    if (asked?.Kind !== "connect") throw new Error("Nobody asked for a connection.");
    this.Mux.Open(asked.Stream, this.Out, this.In, local, remote);
    await this.Run();
    return asked.Stream;
  }
}
