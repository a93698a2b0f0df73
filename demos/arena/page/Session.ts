/**
 * From a name to a running game, and back again after every loss: finds the arena among the
 * bridge's targets, connects, and tells the person what happens. TCPClientNode tries again after
 * a lost connection; this node tries again when the bridge is missing or the server said bye.
 */
import { Node, Signal } from "moonwire/engine";
import { SocketError, SocketErrorText, TLSOptions } from "moonwire/networking";
import { FetchTargets, NoBridge } from "../../Targets.ts";
import type { ArenaClient } from "../ArenaClient.ts";
import { ByeReason, ByeText } from "../Protocol.ts";
import type { Bye } from "../Protocol.ts";
import type { Overlay } from "./Overlay.ts";

export type SessionState = "offline" | "connecting" | "playing";

const targetName = "arena";
/** Its name when the server behind it speaks TLS. */
const tlsTargetName = "arena-tls";
/** What the certificate is for: this machine's own, made by `npm start -- --tls`. */
const tlsName = "localhost";
const retrySeconds = 3;

export class Session extends Node {
  readonly StateChanged = new Signal<[state: SessionState]>();
  readonly Client: ArenaClient;
  readonly #overlay: Overlay;
  #state: SessionState = "offline";
  /** Seconds until the bridge is asked again; null when that is not planned. */
  #askIn: number | null = null;

  constructor(client: ArenaClient, overlay: Overlay) {
    super();
    this.Client = client;
    this.#overlay = overlay;
    const { Net } = client;
    Net.Autostart = false;
    client.Welcomed.Connect(() => this.#onWelcomed());
    client.Dismissed.Connect((bye) => this.#onDismissed(bye));
    Net.Disconnected.Connect(() => this.#onLost());
    Net.ConnectFailed.Connect((code) => this.#onConnectFailed(code));
  }

  get State(): SessionState {
    return this.#state;
  }

  /** @param name as `CleanName` gives it. */
  Start(name: string): void {
    this.Client.PilotName = name;
    void this.#ask();
  }

  /** Tries now instead of waiting. */
  TryNow(): void {
    void this.#ask();
  }

  override Process(delta: number): void {
    if (this.#state === "playing") return;
    if (this.#askIn !== null) {
      this.#askIn -= delta;
      this.#overlay.Count(Math.max(0, this.#askIn));
      if (this.#askIn <= 0) void this.#ask();
    } else {
      const waitMs = this.Client.Net.GetRetryDelay();
      this.#overlay.Count(waitMs > 0 ? waitMs / 1_000 : null);
    }
  }

  async #ask(): Promise<void> {
    this.#askIn = null;
    this.#setState("connecting");
    const answer = await FetchTargets();
    if (!this.IsInsideTree()) return;
    if ("Problem" in answer) {
      this.#fail("No bridge", answer.Problem);
      return;
    }
    const target = answer.Targets.find(({ Name }) => [targetName, tlsTargetName].includes(Name));
    if (target === undefined) {
      this.#fail("No arena", `The bridge does not offer a target named “${targetName}”.`);
      return;
    }
    this.Client.Net.Host = target.Name;
    this.Client.Net.Port = target.Port;
    this.Client.Net.TLS = target.Name === tlsTargetName ? TLSOptions.Client() : null;
    this.Client.Net.TLSName = tlsName;
    if (this.Client.Net.Connect() !== SocketError.SUCCESS) this.#askIn = retrySeconds;
  }

  #onWelcomed(): void {
    this.#setState("playing");
    this.#overlay.Hide();
  }

  #onDismissed(bye: Bye | null): void {
    this.Client.Net.Disconnect();
    const why = bye === null ? "The server sent something unexpected." : ByeText(bye.Reason);
    this.#fail("Out of the arena", why);
    if (bye?.Reason === ByeReason.VERSION) this.#askIn = Infinity;
  }

  #onLost(): void {
    if (this.#state === "playing") {
      this.#overlay.Show("Connection lost", "This page connects again by itself.");
    }
    this.#setState("connecting");
  }

  #onConnectFailed(code: SocketError): void {
    // The bridge's targets are on its own machine: what cannot be reached is the bridge itself.
    if (code === SocketError.HOST_UNREACHABLE) this.#overlay.Show("No bridge", NoBridge);
    else this.#overlay.Show("The arena does not answer", SocketErrorText(code));
    this.#setState("connecting");
  }

  #fail(title: string, text: string): void {
    this.#overlay.Show(title, text);
    this.#askIn = retrySeconds;
    this.#setState("offline");
  }

  #setState(state: SessionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.StateChanged.Emit(state);
  }
}
