/**
 * The game thread's half of a UDP socket: reads the shared words and rings, lists the socket as
 * dirty when there is something to send, and waits for the network thread's answer where the system
 * has to be asked (bind, connect, options). Each such wait is bounded by `commandTimeoutMs`.
 */
import type { DatagramRing } from "../../core/DatagramRing.ts";
import type { IpAddress } from "../../core/IpAddress.ts";
import { Limits } from "../../core/Limits.ts";
import type { BackendDatagramSocket, DatagramOptions, Endpoint } from "../../core/NetBackend.ts";
import { SocketError } from "../../core/SocketError.ts";
import { ActivityWatch } from "./ActivityWatch.ts";
import type { DatagramChange, Report } from "./Commands.ts";
import type { Owner, ThreadLink } from "./ThreadLink.ts";
import { EndpointTextOf } from "./NodeSocket.ts";
import { SharedDatagram } from "./SharedDatagram.ts";

export class NodeDatagram implements BackendDatagramSocket, Owner {
  readonly Inbound: DatagramRing;
  readonly Outbound: DatagramRing;
  readonly #thread: ThreadLink;
  readonly #shared: SharedDatagram;
  readonly #address: IpAddress;
  readonly #id: number;
  #asked = 0;
  readonly #watch: ActivityWatch;

  /** Answers when the system has: bound, or over with the failure. */
  constructor(thread: ThreadLink, options: DatagramOptions) {
    this.#thread = thread;
    this.#shared = SharedDatagram.Create(options.InboundBufferBytes, options.OutboundBufferBytes);
    this.#watch = new ActivityWatch(this.#shared);
    this.#address = options.Address;
    this.#id = thread.NewId();
    this.Inbound = this.#shared.Inbound;
    this.Outbound = this.#shared.Outbound;
    thread.Hold(this.#id, this);
    thread.Send({
      Op: "openDatagram",
      Id: this.#id,
      Memory: this.#shared.Memory,
      ...EndpointTextOf(options),
      ReuseAddress: options.ReuseAddress,
      Broadcast: options.Broadcast,
    });
    if (this.#answer() === SocketError.UNAVAILABLE) this.#giveUp();
  }

  Failure(): SocketError {
    return this.#shared.Failure();
  }

  Local(): Endpoint | null {
    const local = this.#shared.Local();
    if (local === null || this.#shared.IsClosed()) return null;
    // Connecting chooses the address; until then it is what was asked for, "*" included.
    return this.Remote() === null ? { Address: this.#address, Port: local.Port } : local;
  }

  Remote(): Endpoint | null {
    return this.#shared.Remote();
  }

  Connect(remote: Endpoint): SocketError {
    return this.#change({ Kind: "connect", Remote: EndpointTextOf(remote) });
  }

  SetBroadcast(enabled: boolean): SocketError {
    return this.#change({ Kind: "broadcast", Enabled: enabled });
  }

  SetMembership(group: IpAddress, interfaceName: string, member: boolean): SocketError {
    return this.#change({
      Kind: "membership",
      Group: group.ToString(),
      Interface: interfaceName,
      Member: member,
    });
  }

  OutboundChanged(): void {
    if (this.#shared.MarkDirty()) this.#thread.MarkDirty(this.#id, false);
  }

  TakeComplaint(): SocketError {
    return this.#shared.TakeComplaint();
  }

  Dropped(): number {
    return this.#shared.Dropped();
  }

  Refused(): number {
    return this.#shared.Refused();
  }

  Close(lingerMs: number): void {
    this.OnActivity(null);
    if (this.#shared.IsClosed()) return;
    this.#shared.RequestClose(lingerMs);
    this.#thread.Disown(this.#id);
    // Now, not at the end of the run: whoever binds the port again next finds it free.
    if (this.#shared.MarkDirty()) this.#thread.MarkDirty(this.#id, true);
    else this.#thread.Wake();
  }

  OnActivity(handler: (() => void) | null): void {
    this.#watch.Set(handler);
  }

  OnThreadActivity(): void {
    this.#watch.Tell();
  }

  OnThreadReport(_report: Report): void {
    // Everything about a UDP socket stands in its shared words.
  }

  OnThreadDeath(): void {
    this.#shared.SetClosed(SocketError.UNAVAILABLE);
  }

  #change(change: DatagramChange): SocketError {
    if (this.#shared.IsClosed()) return this.Failure();
    this.#thread.Send({ Op: "changeDatagram", Id: this.#id, Change: change });
    return this.#answer();
  }

  /** Waits for the answer to what was sent last. */
  #answer(): SocketError {
    this.#asked++;
    const answered = (): boolean => this.#shared.Answered() === this.#asked;
    if (!this.#thread.Block(answered, Limits.commandTimeoutMs)) return SocketError.UNAVAILABLE;
    return this.#shared.Result();
  }

  /** The thread gave no answer in time; should it open the socket yet, it shall close it. */
  #giveUp(): void {
    this.Close(0);
    this.#shared.SetClosed(SocketError.UNAVAILABLE);
  }
}
