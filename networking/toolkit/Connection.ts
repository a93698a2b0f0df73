/**
 * A connection for code that awaits: what the toolkit's servers, clients and pool hand around.
 * It stands on core's NetSocket, whose rings carry clear bytes with and without TLS, because an
 * awaited answer may come long after the peer finished sending, when a StreamPeerTCP is over.
 *
 * Limits: nothing moves for `idleTimeout` while a read or write waits, more than `maxBytes` come,
 * the deadline passes or the signal aborts: the connection is reset, and whatever waits, or is
 * called later, rejects with that reason. Driven by the backend's activity.
 */
import { Limits } from "../core/Limits.ts";
import type { NetSocket } from "../core/NetSocket.ts";
import { SocketError } from "../core/SocketError.ts";
import { StreamPeerTCP } from "../core/StreamPeerTCP.ts";
import { StreamPeerTLS } from "../core/StreamPeerTLS.ts";
import type { TLSOptions } from "../core/TLSOptions.ts";
import type { TlsFacts } from "../core/TlsRequest.ts";
import { AwaitedSocket } from "./AwaitedSocket.ts";
import {
  AbortError,
  ConnectionTimeoutError,
  EasySocketError,
  ErrorOf,
  UnsupportedProtocolError,
} from "./Errors.ts";
import { HeldBytes } from "./HeldBytes.ts";
import { PositiveOption } from "./PositiveOption.ts";
import { OnAbort } from "./OnAbort.ts";
import { PeerAddress } from "./PeerAddress.ts";
import { ToolkitLimits } from "./ToolkitLimits.ts";

export interface ConnectionOptions {
  /** Milliseconds in which nothing moves while a read or write waits; 120,000 by default. */
  readonly idleTimeout?: number;
  /** Bytes that the peer may send in all; no limit by default. */
  readonly maxBytes?: number;
}

const utf8 = new TextEncoder();

export class Connection implements AsyncDisposable {
  /** The other end. */
  readonly Address: PeerAddress;
  readonly #socket: NetSocket;
  readonly #awaited: AwaitedSocket;
  readonly #maxBytes: number;
  readonly #held = new HeldBytes();
  #stopped = false;
  #received = 0;
  #sent = 0;

  /** @param socket connected, and this connection's alone from now on. */
  constructor(socket: NetSocket, options: ConnectionOptions = {}) {
    this.Address = new PeerAddress(socket.GetRemoteAddress().ToString(), socket.GetRemotePort());
    this.#socket = socket;
    const idleMs = PositiveOption(options, "idleTimeout", ToolkitLimits.idleTimeoutMs);
    this.#awaited = new AwaitedSocket(socket, this.Address, idleMs);
    this.#maxBytes = PositiveOption(options, "maxBytes", Infinity);
  }

  /** Bytes that the peer sent and this side took. */
  get BytesReceived(): number {
    return this.#received;
  }

  /** Bytes that this side sent. */
  get BytesSent(): number {
    return this.#sent;
  }

  /** Neither closed nor failed, and the peer has not finished sending. */
  IsAlive(): boolean {
    if (!this.#awaited.IsOpen()) return false;
    return this.#socket.Poll() === SocketError.SUCCESS && !this.#socket.IsPeerFinished();
  }

  /** Alive, nobody waits to read or to write, and nothing is left to read. */
  IsIdle(): boolean {
    return this.IsAlive() && this.#awaited.IsQuiet() && this.GetAvailableBytes() === 0;
  }

  /** Bytes that can be read at once. */
  GetAvailableBytes(): number {
    return this.#held.Length + this.#socket.GetAvailableBytes();
  }

  /**
   * TLS from here on, before anything is read or written.
   * @param options of a client or of a server, which is then this side's part.
   * @param serverName a client's: the host name, or address, that the certificate must be for.
   * @throws ConnectionTimeoutError; UnsupportedProtocolError (the backend has no TLS);
   *   EasySocketError with TLS_FAILED, TLS_CERTIFICATE_INVALID, TLS_HOSTNAME_MISMATCH or
   *   CONNECTION_RESET. The connection is reset then.
   */
  async Secure(options: TLSOptions, serverName = ""): Promise<void> {
    const doing = `The TLS handshake with ${this.Address}`;
    if (!this.#socket.Backend.Capabilities.Tls) {
      const text = `${doing} failed: the backend has no TLS.`;
      throw this.#awaited.Fail(new UnsupportedProtocolError(text, SocketError.UNAVAILABLE));
    }
    const tls = new StreamPeerTLS();
    const stream = new StreamPeerTCP(this.#socket);
    const code = options.IsServer()
      ? tls.AcceptStream(stream, options)
      : tls.ConnectToStream(stream, serverName, options);
    if (code !== SocketError.SUCCESS) {
      // A stream that is over already says FAILED, and only that.
      const reason = code === SocketError.FAILED ? SocketError.CONNECTION_CLOSED : code;
      throw this.#awaited.Fail(ErrorOf(reason, doing));
    }
    await this.#awaited.Secured();
  }

  /** What the TLS handshake came to, the peer's certificate included; null without TLS. */
  GetTlsFacts(): TlsFacts | null {
    return this.#socket.GetTlsFacts();
  }

  /**
   * Waits between two messages: true when the next begins, false when the peer has finished or
   * this side wants no more. The one place at which a server that stops interrupts.
   */
  async WaitForData(): Promise<boolean> {
    if (this.#stopped) return false;
    return this.#held.Length > 0 || this.#awaited.Readable(() => this.#stopped);
  }

  /** No further message is wanted: `WaitForData`, under way or later, answers false. */
  StopWaiting(): void {
    this.#stopped = true;
    this.#awaited.Check();
  }

  /**
   * What is there, waiting for the first byte.
   * @param maxBytes 1 or more
   * @returns null at the peer's end
   */
  async Read(maxBytes: number = ToolkitLimits.readBytes): Promise<Uint8Array | null> {
    if (!(maxBytes >= 1)) throw new TypeError("Read takes a number of bytes, 1 or more.");
    if (this.#held.Length > 0) return this.#held.Take(maxBytes);
    while (await this.#awaited.Readable()) {
      const bytes = this.#receive(maxBytes);
      if (bytes.length > 0) return bytes;
    }
    return null;
  }

  /** Exactly `count` bytes, 0..2^28. An earlier end resets the connection with FILE_EOF. */
  async ReadExactly(count: number): Promise<Uint8Array> {
    if (!Number.isInteger(count) || count < 0 || count > Limits.maxBufferBytes) {
      throw new TypeError("ReadExactly takes a number of bytes, an integer in 0..2^28.");
    }
    const bytes = new Uint8Array(count);
    for (let have = 0; have < count;) {
      const piece = await this.Read(count - have);
      if (piece === null) {
        throw this.#awaited.Fail(ErrorOf(SocketError.FILE_EOF, `Reading from ${this.Address}`));
      }
      bytes.set(piece, have);
      have += piece.length;
    }
    return bytes;
  }

  /**
   * The bytes before the next `delimiter`, which is taken too; what follows is kept for the next
   * call. The rest before the peer's end is given without a delimiter.
   * @param delimiter 0..255, such as 10 for the end of a line
   * @param maxBytes more before the delimiter resets the connection with PROTOCOL_ERROR
   * @returns null at the peer's end
   */
  async ReadUntil(
    delimiter: number,
    maxBytes: number = ToolkitLimits.maxLineBytes,
  ): Promise<Uint8Array | null> {
    if (!Number.isInteger(delimiter) || delimiter < 0 || delimiter > 255 || !(maxBytes >= 0)) {
      throw new TypeError("ReadUntil takes a byte, 0..255, and a number of bytes, 0 or more.");
    }
    for (let searched = 0; ;) {
      const found = this.#held.IndexOf(delimiter, searched);
      const length = found < 0 ? this.#held.Length : found;
      if (length > maxBytes) {
        const doing = `Reading at most ${maxBytes} bytes up to a delimiter from ${this.Address}`;
        throw this.#awaited.Fail(ErrorOf(SocketError.PROTOCOL_ERROR, doing));
      }
      if (found >= 0) {
        const bytes = this.#held.Take(found);
        this.#held.Take(1);
        return bytes;
      }
      searched = length;
      if (!(await this.#awaited.Readable())) return length > 0 ? this.#held.Take(length) : null;
      this.#held.Append(this.#receive(ToolkitLimits.readBytes));
    }
  }

  /**
   * Sends all of it, waiting for room; the bytes must not change meanwhile. A failure that nobody
   * awaits is no unhandled rejection: it is the connection's, and the next call has it too.
   */
  Write(data: Uint8Array | string): Promise<void> {
    const bytes = typeof data === "string" ? utf8.encode(data) : data;
    if (!(bytes instanceof Uint8Array)) throw new TypeError("Write takes a Uint8Array or a text.");
    const written = this.#awaited.Send(bytes).then(() => {
      this.#sent += bytes.length;
    });
    return heard(written);
  }

  /** Half close: after all that was written the peer is told that no more comes. As `Write`. */
  End(): Promise<void> {
    return heard(this.#awaited.Finish());
  }

  /** Waits until the system has taken all that was written. */
  Flush(): Promise<void> {
    return heard(this.#awaited.Flush());
  }

  /** Closes after a `Flush`; what was written arrives. Never rejects. */
  Close(): Promise<void> {
    return this.#awaited.Close();
  }

  /** Resets the connection now. @param error what is waiting, or called later, rejects with */
  Abort(error?: EasySocketError): void {
    const text = `The connection with ${this.Address} was aborted by this side.`;
    this.#awaited.Fail(error ?? new EasySocketError(text, SocketError.CONNECTION_CLOSED));
  }

  /** Runs `handler` when the connection fails, or at once if it has; not when it is closed. */
  OnFailure(handler: (error: EasySocketError) => void): void {
    this.#awaited.OnEnd((failure) => {
      if (failure !== null) handler(failure);
    });
  }

  /** If the connection lasts longer it is reset. @param text the sentence of the error. */
  SetDeadline(timeoutMs: number, text: string): void {
    if (timeoutMs >= 2 ** 31) return;
    const timer = setTimeout(() => this.Abort(new ConnectionTimeoutError(text)), timeoutMs);
    this.#awaited.OnEnd(() => clearTimeout(timer));
  }

  /** When the signal aborts the connection is reset. @param doing names it in the error. */
  AbortOn(signal: AbortSignal, doing: string): void {
    const abort = (): void => this.Abort(AbortError(signal, doing));
    if (signal.aborted) return abort();
    this.#awaited.OnEnd(OnAbort(signal, abort));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.Close();
  }

  #receive(maxBytes: number): Uint8Array {
    const bytes = this.#awaited.Receive(maxBytes);
    this.#received += bytes.length;
    if (this.#received > this.#maxBytes) {
      const doing = `Reading more than ${this.#maxBytes} bytes from ${this.Address}`;
      throw this.#awaited.Fail(ErrorOf(SocketError.LIMIT_REACHED, doing));
    }
    return bytes;
  }
}

/** A promise whose rejection nobody has to hear. */
function heard(promise: Promise<void>): Promise<void> {
  promise.catch(() => undefined);
  return promise;
}
