/**
 * What a driver's connection needs of the stream below it, plain or secure. Implementations latch
 * in `Poll`, and nothing changes in between.
 */
import type { SocketError } from "../core/SocketError.ts";
import type { StreamPeer } from "../core/StreamPeer.ts";

/**
 *     OPENING ----> OPEN ----> ENDED
 *        |                       ^
 *        +--- failed ------------+
 */
export const StreamPhase = Object.freeze({ OPENING: 0, OPEN: 1, ENDED: 2 } as const);
export type StreamPhase = (typeof StreamPhase)[keyof typeof StreamPhase];

export interface DriverStream {
  /** The byte calls. What was received before the end can be read after it. */
  readonly Bytes: StreamPeer;
  /** Once per update. */
  Poll(): StreamPhase;
  /** The peer sends no more. */
  IsPeerFinished(): boolean;
  /** Why it ended; SUCCESS when an end closed it in order. */
  Failure(): SocketError;
  /** Sends what was put, then closes. */
  Close(): void;
}
