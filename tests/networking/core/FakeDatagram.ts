/**
 * A backend of one UDP socket, written by hand: the test says what the system answers, puts
 * datagrams in and takes them out.
 */
import { DatagramRing } from "../../../networking/core/DatagramRing.ts";
import type { IpAddress } from "../../../networking/core/IpAddress.ts";
import type {
  BackendDatagramSocket,
  DatagramOptions,
  Endpoint,
  NetBackend,
} from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";

export class FakeDatagram implements BackendDatagramSocket {
  readonly Options: DatagramOptions;
  readonly Inbound: DatagramRing;
  readonly Outbound: DatagramRing;
  /** The calls, in order: "sent", "connect 10.0.0.1:7", "close 0" ... */
  readonly Told: string[] = [];
  /** What the system answers from now on. */
  Answer: SocketError = SocketError.SUCCESS;
  End: SocketError = SocketError.SUCCESS;
  Complaint: SocketError = SocketError.SUCCESS;
  Lost = 0;
  Handler: (() => void) | null = null;
  #remote: Endpoint | null = null;

  constructor(options: DatagramOptions, end: SocketError) {
    this.Options = options;
    this.Inbound = DatagramRing.Create(options.InboundBufferBytes);
    this.Outbound = DatagramRing.Create(options.OutboundBufferBytes);
    this.End = end;
  }

  /** The oldest datagram to be sent, as "bytes > address:port", or null. */
  Sent(address: (bytes: Uint8Array) => string): string | null {
    if (!this.Outbound.Next()) return null;
    const target = `${address(this.Outbound.Address)}:${this.Outbound.Port}`;
    const bytes = new Uint8Array(this.Outbound.Length);
    this.Outbound.Take(bytes);
    return `${bytes.join(" ")} > ${target}`;
  }

  Failure = (): SocketError => this.End;
  Local = (): Endpoint => ({ Address: this.Options.Address, Port: this.Options.Port || 50_000 });
  Remote = (): Endpoint | null => this.#remote;
  OutboundChanged = (): number => this.Told.push("sent");
  Dropped = (): number => this.Lost;
  Refused = (): number => this.Lost * 2;
  OnActivity = (handler: (() => void) | null): void => void (this.Handler = handler);
  Close = (lingerMs: number): number => this.Told.push(`close ${lingerMs}`);

  TakeComplaint(): SocketError {
    const complaint = this.Complaint;
    this.Complaint = SocketError.SUCCESS;
    return complaint;
  }

  Connect(remote: Endpoint): SocketError {
    this.Told.push(`connect ${remote.Address}:${remote.Port}`);
    if (this.Answer === SocketError.SUCCESS) this.#remote = remote;
    return this.Answer;
  }

  SetBroadcast(enabled: boolean): SocketError {
    this.Told.push(`broadcast ${enabled}`);
    return this.Answer;
  }

  SetMembership(group: IpAddress, interfaceName: string, member: boolean): SocketError {
    this.Told.push(`${member ? "join" : "leave"} ${group} at "${interfaceName}"`);
    return this.Answer;
  }
}

/** What was opened, the latest last, and what the system answers to the next opening. */
export class DatagramBackend {
  readonly Opened: FakeDatagram[] = [];
  NextEnd: SocketError = SocketError.SUCCESS;
  NextAnswer: SocketError = SocketError.SUCCESS;
  /** What hits a port as soon as it is open. */
  OnOpened: (socket: FakeDatagram) => void = () => undefined;

  OpenDatagram = (options: DatagramOptions): FakeDatagram => {
    const socket = new FakeDatagram(options, this.NextEnd);
    socket.Answer = this.NextAnswer;
    this.Opened.push(socket);
    this.OnOpened(socket);
    return socket;
  };

  Latest(): FakeDatagram {
    const socket = this.Opened.at(-1);
    if (socket === undefined) throw new Error("Nothing was opened.");
    return socket;
  }

  /** As the class under test takes it. */
  AsBackend(): NetBackend {
    return this as unknown as NetBackend;
  }
}

/** A backend without UDP, as a page's. */
export function NoUdp(): NetBackend {
  return { Capabilities: { Udp: false, Blocking: false } } as unknown as NetBackend;
}
