/**
 * Owns every real socket: takes commands, serves the sockets that were listed as dirty, and reports
 * through its outbox. The network thread runs one (Main.ts); a process without a game loop may run
 * one on its own thread (InlineThread.ts).
 */
import type { Socket } from "node:net";
import { Limits } from "../../../core/Limits.ts";
import { ListenerPhase } from "../../../core/NetBackend.ts";
import { SocketError } from "../../../core/SocketError.ts";
import { CloseReason } from "../../../core/Status.ts";
import type { Command, Report } from "../Commands.ts";
import { WeightOf } from "../RingWeight.ts";
import type { SharedControl } from "../SharedControl.ts";
import { SharedDatagram } from "../SharedDatagram.ts";
import { SharedListener } from "../SharedListener.ts";
import { SharedSocket } from "../SharedSocket.ts";
import { Connector } from "./Connector.ts";
import { CloseReasonOf } from "./Errno.ts";
import { Outbox } from "./Outbox.ts";
import { AdoptAccepted } from "./ReadBuffer.ts";
import { ThreadDatagram } from "./ThreadDatagram.ts";
import { ThreadListener } from "./ThreadListener.ts";
import { LookUp } from "./ThreadResolver.ts";
import { ThreadSocket } from "./ThreadSocket.ts";
import { TlsContexts } from "./TlsContexts.ts";

type Of<Op extends Command["Op"]> = Extract<Command, { Op: Op }>;

export class ThreadHost {
  readonly #control: SharedControl;
  readonly #outbox: Outbox;
  readonly #sockets = new Map<number, ThreadSocket>();
  readonly #datagrams = new Map<number, ThreadDatagram>();
  readonly #listeners = new Map<number, ThreadListener>();
  readonly #tlsContexts = new TlsContexts();
  /** The game thread's ids are even. */
  #nextAcceptedId = 1;

  /** @param send carries a report to the game thread. */
  constructor(control: SharedControl, send: (report: Report) => void) {
    this.#control = control;
    this.#outbox = new Outbox(control, send);
  }

  /** A wake came: everything on the dirty list gets its turn. */
  ServeDirty(): void {
    this.#control.AcceptWake();
    for (let id = this.#control.Pop(); id >= 0; id = this.#control.Pop()) {
      (this.#sockets.get(id) ?? this.#datagrams.get(id))?.Serve();
    }
  }

  /** Acts on one command. */
  Run(command: Command): void {
    switch (command.Op) {
      case "connect":
        return this.#connectSocket(command);
      case "listen":
        return this.#listen(command);
      case "unlisten":
        return this.#listeners.get(command.Id)?.Close();
      case "openDatagram":
        return this.#openDatagram(command);
      case "changeDatagram":
        return this.#datagrams.get(command.Id)?.Change(command.Change);
      case "lookup":
        return LookUp(command.Name, command.Family, (failure, addresses) => {
          this.#outbox.Post({
            Op: "lookedUp",
            Id: command.Id,
            Failure: failure,
            Addresses: addresses,
          });
        });
      case "option":
        return this.#sockets.get(command.Id)?.SetOption(command.Option, command.Value);
      case "secure":
        return this.#secure(command);
    }
  }

  /** Everything ends now, as a crash would end it. */
  Destroy(): void {
    for (const socket of this.#sockets.values()) {
      socket.Fail(SocketError.UNAVAILABLE, CloseReason.ERROR);
    }
    for (const datagram of this.#datagrams.values()) datagram.Fail(SocketError.UNAVAILABLE);
    for (const listener of this.#listeners.values()) listener.Close(SocketError.UNAVAILABLE);
  }

  /** Each may be on the dirty list, which bounds them together. */
  #heldSockets(): number {
    return this.#sockets.size + this.#datagrams.size;
  }

  #openSocket(id: number, shared: SharedSocket): ThreadSocket {
    shared.Weight = WeightOf(shared.Memory.Buffer.byteLength);
    const socket = new ThreadSocket(id, shared, this.#outbox, (ended) =>
      this.#sockets.delete(ended),
    );
    this.#sockets.set(id, socket);
    return socket;
  }

  #connectSocket(command: Of<"connect">): void {
    const socket = this.#openSocket(command.Id, new SharedSocket(command.Memory));
    if (this.#heldSockets() > Limits.maxSockets) {
      return socket.Fail(SocketError.LIMIT_REACHED, CloseReason.ERROR);
    }
    const connector = new Connector({
      ...command,
      Sink: socket,
      OnConnected: (connected) => socket.Attach(connected),
      OnFailed: (failure) => socket.Fail(failure, CloseReasonOf(failure)),
    });
    socket.Begin(() => connector.Cancel());
    // The game thread may have let go already, and a wake before this command have passed it by.
    socket.Serve();
  }

  #secure(command: Of<"secure">): void {
    const { Id, ConfigId, Request } = command;
    const socket = this.#sockets.get(Id);
    if (socket === undefined) return; // it ended meanwhile, which the game thread can see
    const context = this.#tlsContexts.Get(ConfigId, Request.Config);
    if (context === null) socket.Fail(SocketError.TLS_FAILED, CloseReason.ERROR);
    else socket.Secure(Request, context);
  }

  #openDatagram(command: Of<"openDatagram">): void {
    const socket = new ThreadDatagram({
      ...command,
      Shared: new SharedDatagram(command.Memory),
      Outbox: this.#outbox,
      OnEnded: (ended) => this.#datagrams.delete(ended),
    });
    this.#datagrams.set(command.Id, socket);
    if (this.#heldSockets() > Limits.maxSockets) socket.Fail(SocketError.LIMIT_REACHED);
    else socket.Bind();
  }

  #listen(command: Of<"listen">): void {
    const shared = new SharedListener(command.Memory);
    const listener = new ThreadListener({
      ...command,
      Shared: shared,
      OnAccepted: (accepted) => this.#accept(command, shared, accepted),
      OnChanged: () => this.#onListenerChanged(command.Id, shared),
    });
    this.#listeners.set(command.Id, listener);
  }

  #accept(command: Of<"listen">, listener: SharedListener, accepted: Socket): boolean {
    const shared = this.#heldSockets() < Limits.maxSockets ? allocate(command) : null;
    if (shared === null) return false;
    const id = this.#nextAcceptedId;
    this.#nextAcceptedId += 2;
    const socket = this.#openSocket(id, shared);
    socket.Attach(AdoptAccepted(accepted, socket));
    listener.CountAnnounced();
    this.#outbox.Post({ Op: "accepted", Listener: command.Id, Id: id, Memory: shared.Memory });
    this.#outbox.Changed(command.Id, listener.IsWatched());
    return true;
  }

  #onListenerChanged(id: number, shared: SharedListener): void {
    this.#outbox.Changed(id, shared.IsWatched());
    if (shared.Phase() !== ListenerPhase.CLOSED) return;
    this.#listeners.delete(id);
    this.#outbox.Ended(id);
  }
}

/** null when the machine has no memory for the rings: a reason to refuse one client, not to die. */
function allocate(command: Of<"listen">): SharedSocket | null {
  try {
    return SharedSocket.Create(command.InboundBufferBytes, command.OutboundBufferBytes);
  } catch {
    return null;
  }
}
