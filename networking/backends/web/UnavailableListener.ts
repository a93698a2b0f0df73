/** A listener that never listened, for backends that cannot: CLOSED with UNAVAILABLE. */
import type { BackendListener, Endpoint } from "../../core/NetBackend.ts";
import { ListenerPhase } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";

export class UnavailableListener implements BackendListener {
  Phase(): ListenerPhase {
    return ListenerPhase.CLOSED;
  }

  Failure(): SocketError {
    return SocketError.UNAVAILABLE;
  }

  Local(): Endpoint | null {
    return null;
  }

  Pending(): number {
    return 0;
  }

  Take(): null {
    return null;
  }

  Dropped(): number {
    return 0;
  }

  Close(): void {
    // Nothing is open.
  }

  OnActivity(): void {
    // Nothing will ever happen.
  }
}
