/** A TCP stream as a driver's connection wants it. */
import { SocketError } from "../core/SocketError.ts";
import { Status } from "../core/Status.ts";
import type { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import type { DriverStream } from "./DriverStream.ts";
import { StreamPhase } from "./DriverStream.ts";

export class PlainStream implements DriverStream {
  readonly Bytes: StreamPeerTCP;

  /** @param peer connecting or connected. */
  constructor(peer: StreamPeerTCP) {
    this.Bytes = peer;
  }

  Poll(): StreamPhase {
    this.Bytes.Poll();
    switch (this.Bytes.GetStatus()) {
      case Status.STATUS_CONNECTING:
        return StreamPhase.OPENING;
      case Status.STATUS_CONNECTED:
        return StreamPhase.OPEN;
      case Status.STATUS_NONE:
      case Status.STATUS_ERROR:
        return StreamPhase.ENDED;
    }
  }

  IsPeerFinished(): boolean {
    return this.Bytes.IsPeerFinished();
  }

  Failure(): SocketError {
    const hasFailed = this.Bytes.GetStatus() === Status.STATUS_ERROR;
    return hasFailed ? this.Bytes.GetLastError() : SocketError.SUCCESS;
  }

  Close(): void {
    this.Bytes.DisconnectFromHost();
  }
}
