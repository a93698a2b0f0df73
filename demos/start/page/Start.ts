/** Connects when it enters the scene, then looks at its stream once a tick. */
import { Node, Signal } from "moonwire/engine";
import { SocketError, Status, StreamPeerTCP } from "moonwire/networking";

export class Start extends Node {
  Host = "echo";
  Port = 7351;
  readonly Peer = new StreamPeerTCP();
  readonly StatusChanged = new Signal<[status: Status]>();
  readonly BytesReceived = new Signal<[bytes: Uint8Array]>();
  readonly Refused = new Signal<[code: SocketError]>();

  #status: Status = Status.STATUS_NONE;
  readonly #buffer = new Uint8Array(4_096);

  override Ready(): void {
    const code = this.Peer.ConnectToHost(this.Host, this.Port);
    if (code !== SocketError.SUCCESS) this.Refused.Emit(code);
  }

  override Process(): void {
    const status = this.Peer.GetStatus();
    if (status !== this.#status) {
      this.#status = status;
      this.StatusChanged.Emit(status);
    }
    const { Received } = this.Peer.GetPartialData(this.#buffer);
    if (Received > 0) this.BytesReceived.Emit(this.#buffer.slice(0, Received));
  }

  Send(text: string): SocketError {
    return this.Peer.PutData(new TextEncoder().encode(text));
  }

  override ExitTree(): void {
    this.Peer.DisconnectFromHost();
  }
}
