/**
 * The entry of the network thread: takes commands from the game thread, owns every real socket, and
 * ends with the process. Never writes to the console, which would go through the game thread.
 */
import type { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { Limits } from "../../../core/Limits.ts";
import { SocketError } from "../../../core/SocketError.ts";
import { CloseReason } from "../../../core/Status.ts";
import type { Command, ThreadStart } from "../Commands.ts";
import { SharedControl } from "../SharedControl.ts";
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

type Of<Op extends Command["Op"]> = Extract<Command, { Op: Op }>;

const { Control, Port } = workerData as ThreadStart;
const control = new SharedControl(Control);
const outbox = new Outbox(control, (report) => Port.postMessage(report));
const sockets = new Map<number, ThreadSocket>();
const datagrams = new Map<number, ThreadDatagram>();
const listeners = new Map<number, ThreadListener>();
/** The game thread's ids are even. */
let nextAcceptedId = 1;

Port.on("message", (message: Command | number) => {
  if (typeof message === "number") serveDirty();
  else run(message);
});
process.on("exit", () => control.MarkDead());

function serveDirty(): void {
  control.AcceptWake();
  for (let id = control.Pop(); id >= 0; id = control.Pop()) {
    (sockets.get(id) ?? datagrams.get(id))?.Serve();
  }
}

function run(command: Command): void {
  switch (command.Op) {
    case "connect":
      return connectSocket(command);
    case "listen":
      return listen(command);
    case "unlisten":
      return unlisten(command.Id);
    case "openDatagram":
      return openDatagram(command);
    case "changeDatagram":
      return datagrams.get(command.Id)?.Change(command.Change);
    case "lookup":
      return LookUp(command.Name, command.Family, (failure, addresses) => {
        outbox.Post({ Op: "lookedUp", Id: command.Id, Failure: failure, Addresses: addresses });
      });
    case "option":
      return sockets.get(command.Id)?.SetOption(command.Option, command.Value);
  }
}

/** Each may be on the dirty list, which bounds them together. */
function heldSockets(): number {
  return sockets.size + datagrams.size;
}

function openSocket(id: number, shared: SharedSocket): ThreadSocket {
  const socket = new ThreadSocket(id, shared, outbox, (ended) => sockets.delete(ended));
  sockets.set(id, socket);
  return socket;
}

function connectSocket(command: Of<"connect">): void {
  const socket = openSocket(command.Id, new SharedSocket(command.Memory));
  if (heldSockets() > Limits.maxSockets) {
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

function openDatagram(command: Of<"openDatagram">): void {
  const socket = new ThreadDatagram({
    ...command,
    Shared: new SharedDatagram(command.Memory),
    Outbox: outbox,
    OnEnded: (ended) => datagrams.delete(ended),
  });
  datagrams.set(command.Id, socket);
  if (heldSockets() > Limits.maxSockets) socket.Fail(SocketError.LIMIT_REACHED);
  else socket.Bind();
}

function listen(command: Of<"listen">): void {
  const shared = new SharedListener(command.Memory);
  const listener = new ThreadListener({
    ...command,
    Shared: shared,
    OnAccepted: (accepted) => accept(command, shared, accepted),
    OnChanged: () => outbox.Changed(command.Id, shared.IsWatched()),
  });
  listeners.set(command.Id, listener);
}

function accept(command: Of<"listen">, listener: SharedListener, accepted: Socket): boolean {
  const shared = heldSockets() < Limits.maxSockets ? allocate(command) : null;
  if (shared === null) return false;
  const id = nextAcceptedId;
  nextAcceptedId += 2;
  const socket = openSocket(id, shared);
  socket.Attach(AdoptAccepted(accepted, socket));
  listener.CountAnnounced();
  outbox.Post({ Op: "accepted", Listener: command.Id, Id: id, Memory: shared.Memory });
  outbox.Changed(command.Id, listener.IsWatched());
  return true;
}

/** null when the machine has no memory for the rings: a reason to refuse one client, not to die. */
function allocate(command: Of<"listen">): SharedSocket | null {
  try {
    return SharedSocket.Create(command.InboundBufferBytes, command.OutboundBufferBytes);
  } catch {
    return null;
  }
}

function unlisten(id: number): void {
  listeners.get(id)?.Close();
  listeners.delete(id);
  outbox.Ended(id);
}
