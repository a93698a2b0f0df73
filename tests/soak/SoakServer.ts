/**
 * The soak's server, as a program: sends back what it hears, does what a connection's first byte
 * commands, and beside that stops and starts to listen on a second port all the time.
 */
import { Node } from "../../engine/index.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import { Limits } from "../../networking/core/Limits.ts";
import { Status } from "../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { TCPServerNode } from "../../networking/nodes/TCPServerNode.ts";
import { Command } from "./Payload.ts";
import { Program } from "./Program.ts";

const deafTicks = 45;
/** Bytes that a peer which is to be kicked or reset gets back before. */
const faultAfterBytes = 2_000;
const flakyTicks = 20;

interface Guest {
  command: number;
  heard: number;
  deafFor: number;
}

const program = new Program(() => echo.GetPeerCount() + flaky.GetPeerCount());
const buffer = new Uint8Array(Limits.outboundBufferBytes);
const first = new Uint8Array(1);

class EchoServer extends TCPServerNode {
  readonly #guests = new Map<number, Guest>();

  constructor(port = 0) {
    super();
    this.Port = port;
    this.BindAddress = "127.0.0.1";
    this.SocketOptions = { Backend: program.Backend };
    this.PeerConnected.Connect((_peer, id) => {
      this.#guests.set(id, { command: -1, heard: 0, deafFor: 0 });
      program.Own.Opened++;
    });
    this.PeerDisconnected.Connect((id) => {
      if (!this.#guests.delete(id)) program.Wrong(`Peer ${id} left twice, or never came.`);
    });
    this.DataReceived.Connect((peer, id) => this.#onData(peer, id));
    this.ListenFailed.Connect((code) => program.Wrong(`Listening failed with ${code}.`));
  }

  #onData(peer: StreamPeerTCP, id: number): void {
    const guest = this.#guests.get(id);
    if (guest === undefined) return program.Wrong(`Peer ${id} speaks, and is not here.`);
    if (guest.command < 0) this.#greet(guest, peer);
    else if (guest.deafFor > 0) guest.deafFor--;
    else this.#answer(guest, peer, id);
  }

  #greet(guest: Guest, peer: StreamPeerTCP): void {
    if (peer.GetData(first) !== SocketError.SUCCESS) return;
    program.Own.BytesTaken++;
    guest.command = first[0] as number;
    guest.deafFor = guest.command === Command.DEAF ? deafTicks : 0;
    this.#send(peer, first);
  }

  #answer(guest: Guest, peer: StreamPeerTCP, id: number): void {
    const room = Limits.outboundBufferBytes - peer.GetOutboundBytes();
    const { Received } = peer.GetPartialData(buffer.subarray(0, room));
    program.Own.BytesTaken += Received;
    guest.heard += Received;
    this.#send(peer, buffer.subarray(0, Received));
    if (guest.heard < faultAfterBytes) return;
    if (guest.command === Command.RESET) peer.Abort();
    if (guest.command === Command.KICK) this.DisconnectPeer(id);
  }

  #send(peer: StreamPeerTCP, bytes: Uint8Array): void {
    const code = peer.PutData(bytes);
    if (code === SocketError.SUCCESS) program.Own.BytesPut += bytes.length;
    else if (peer.GetStatus() === Status.STATUS_CONNECTED) {
      program.Wrong(`${bytes.length} bytes that fit were answered with ${code}.`);
    }
  }
}

/** Takes a server off its port and puts it back, again and again. */
class Flicker extends Node {
  readonly #server: TCPServerNode;
  #ticks = 0;

  constructor(server: TCPServerNode) {
    super();
    this.#server = server;
  }

  override Process(): void {
    if (++this.#ticks % flakyTicks !== 0) return;
    if (this.#server.IsListening()) this.#server.StopListening();
    else this.#server.StartListening();
  }
}

const echo = new EchoServer();
program.Tree.Root.AddChild(echo);
const flaky = new EchoServer();
program.Tree.Root.AddChild(flaky);
flaky.Port = flaky.GetLocalPort();
program.Tree.Root.AddChild(new Flicker(flaky));
program.Monitor.Watch(echo, "echo");
program.Monitor.Watch(flaky, "flaky");
program.Run();
process.send?.({ Kind: "ports", Echo: echo.GetLocalPort(), Flaky: flaky.Port });
