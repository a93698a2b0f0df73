/** A driver's stream for tests: a loopback of bytes whose phases the test decides. */
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { DriverStream } from "../../../networking/gridmate/DriverStream.ts";
import { StreamPhase } from "../../../networking/gridmate/DriverStream.ts";
import { TrickleStream } from "../core/TrickleStream.ts";
import type { TrickleOptions } from "../core/TrickleStream.ts";

export class FakeStream implements DriverStream {
  readonly Bytes: TrickleStream;
  Phase: StreamPhase = StreamPhase.OPENING;
  IsFinished = false;
  Why: SocketError = SocketError.SUCCESS;
  Closings = 0;

  constructor(options: TrickleOptions = {}) {
    this.Bytes = new TrickleStream(options);
  }

  Poll(): StreamPhase {
    if (this.Bytes.ProtocolFailures > 0) this.End(SocketError.PROTOCOL_ERROR);
    return this.Phase;
  }

  IsPeerFinished(): boolean {
    return this.IsFinished;
  }

  Failure(): SocketError {
    return this.Why;
  }

  Close(): void {
    this.Closings++;
  }

  End(why: SocketError): void {
    this.Phase = StreamPhase.ENDED;
    this.Why = why;
  }
}
