/**
 * A NetSocket that listens: asks, and waits for the answer, which some backends have at once and
 * others (sockets on the caller's own thread, a page's bridge) later. Driven by its activity.
 */
import type { NetBackend } from "../core/NetBackend.ts";
import { NetSocket } from "../core/NetSocket.ts";
import { SocketError } from "../core/SocketError.ts";
import { WaitQueue } from "../core/WaitQueue.ts";
import { AbortError, ErrorOf } from "./Errors.ts";
import { OnAbort } from "./OnAbort.ts";

/**
 * @param port 0..65535; 0 lets the system choose.
 * @param address an address of this machine, or "*" for all.
 * @param doing what an error says was tried.
 * @throws PortInUseError and its kin: the system's reason; CONNECTION_CLOSED when the signal aborts
 */
export async function ListenAt(
  port: number,
  address: string,
  backend: NetBackend,
  doing: string,
  signal: AbortSignal | undefined,
): Promise<NetSocket> {
  const listener = new NetSocket({ Backend: backend });
  const bound = listener.Bind(port, address);
  const asked = bound === SocketError.SUCCESS ? listener.Listen() : bound;
  const code = asked === SocketError.SUCCESS ? await answered(listener, signal) : asked;
  if (code === SocketError.SUCCESS) return listener;
  listener.Close();
  if (signal?.aborted) throw AbortError(signal, doing);
  throw ErrorOf(code, doing);
}

/** SUCCESS once it listens, or why it does not. */
async function answered(
  listener: NetSocket,
  signal: AbortSignal | undefined,
): Promise<SocketError> {
  const waiting = new WaitQueue(listener.Backend, false);
  const unhear = signal === undefined ? null : OnAbort(signal, () => waiting.Check());
  listener.OnActivity(() => waiting.Check());
  const code = await waiting.Wait(() => {
    if (signal?.aborted) return SocketError.CONNECTION_CLOSED;
    if (listener.IsListening()) return SocketError.SUCCESS;
    const failure = listener.Poll();
    return failure === SocketError.SUCCESS ? null : failure;
  }, Infinity);
  unhear?.();
  listener.OnActivity(null);
  return code;
}
