/**
 * One client of the soak: tells one story after the other over one TCPClientNode, and checks every
 * byte that comes back. Driven by `Process`.
 */
import { Node } from "../../engine/index.ts";
import type { Random } from "../../networking/backends/memory/Random.ts";
import { SocketError, SocketErrorName } from "../../networking/core/SocketError.ts";
import { CloseReason, CloseReasonName } from "../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { TCPClientNode } from "../../networking/nodes/TCPClientNode.ts";
import { FillPayload, FindWrong } from "./Payload.ts";
import type { Program } from "./Program.ts";
import { Stories } from "./Story.ts";
import type { Story } from "./Story.ts";

export interface Targets {
  readonly Echo: number;
  readonly Flaky: number;
  /** Nobody listens there. */
  readonly Closed: number;
}

const mostPerPut = 8_192;
const mostPauseTicks = 30;
/** A minute: every story has ended long before. */
const mostTicks = 1_800;
const buffer = new Uint8Array(65_536);
const lots = Stories.flatMap((story) => Array.from({ length: story.Weight }, () => story));

export class Client extends Node {
  readonly Net = new TCPClientNode();
  readonly #program: Program;
  readonly #random: Random;
  readonly #targets: Targets;
  #story: Story | null = null;
  #pause = 0;
  #ticks = 0;
  #key = 0;
  #total = 0;
  #sent = 0;
  #received = 0;
  #finished = false;

  constructor(program: Program, random: Random, targets: Targets) {
    super();
    this.#program = program;
    this.#random = random;
    this.#targets = targets;
    const { Net } = this;
    Net.Autostart = false;
    Net.ReconnectMinDelay = 50;
    Net.ReconnectMaxDelay = 200;
    Net.SocketOptions = { Backend: program.Backend };
    Net.Connected.Connect(() => program.Own.Opened++);
    Net.ConnectFailed.Connect((code) => this.#onConnectFailed(code));
    Net.Disconnected.Connect((reason) => this.#onDisconnected(reason));
    this.AddChild(Net);
    program.Monitor.Watch(Net);
  }

  get IsBusy(): boolean {
    return this.#story !== null;
  }

  override Process(): void {
    if (this.#story === null) {
      if (this.#program.IsWorking && this.#pause-- <= 0) this.#begin();
      return;
    }
    if (++this.#ticks > mostTicks) return this.#end("did not end in a minute");
    const peer = this.Net.GetPeer();
    if (peer !== null) this.#go(this.#story, peer);
  }

  #begin(): void {
    const story = this.#random.Pick(lots);
    this.#story = story;
    this.#ticks = this.#sent = this.#received = 0;
    this.#finished = false;
    this.#key = this.#random.Integer(0, 255);
    this.#total = this.#random.Integer(...story.Bytes);
    const { Echo, Flaky, Closed } = this.#targets;
    this.Net.Host = story.Target === "unknown" ? "no-such-host.invalid" : "127.0.0.1";
    this.Net.Port = { echo: Echo, flaky: Flaky, closed: Closed, unknown: Echo }[story.Target];
    this.Net.Reconnect = story.Target === "flaky";
    const code = this.Net.Connect();
    if (code !== SocketError.SUCCESS) this.#end(`Connect gave ${SocketErrorName(code)}`);
  }

  #go(story: Story, peer: StreamPeerTCP): void {
    if (this.#sent < this.#total) this.#put(story, peer);
    if (this.#ticks > story.StallTicks) this.#take(story, peer);
    if (story.Ending === "abort" && this.#sent >= this.#total / 2) {
      peer.Abort();
      return;
    }
    if (this.#sent < this.#total || this.#finished) return;
    if (story.Ending === "disconnect") return this.Net.Disconnect();
    const all = this.#received === this.#total;
    if (story.Ending === "finish" || (story.Ending === "finishAtLast" && all)) {
      this.#finished = peer.Shutdown() === SocketError.SUCCESS;
    }
  }

  #put(story: Story, peer: StreamPeerTCP): void {
    const most = Math.min(this.#random.Integer(1, mostPerPut), this.#total - this.#sent);
    const bytes = buffer.subarray(0, most);
    FillPayload(bytes, story.Command, this.#key, this.#sent);
    const { BytesSent } = peer.PutPartialData(bytes);
    this.#sent += BytesSent;
    this.#program.Own.BytesPut += BytesSent;
  }

  #take(story: Story, peer: StreamPeerTCP): void {
    const bytes = buffer.subarray(0, story.ReadBytes);
    const { Received } = peer.GetPartialData(bytes);
    const here = bytes.subarray(0, Received);
    const wrong = FindWrong(here, story.Command, this.#key, this.#received);
    if (wrong >= 0) this.#wrong(`byte ${wrong} is wrong`);
    this.#received += Received;
    this.#program.Own.BytesTaken += Received;
    if (this.#received > this.#sent) this.#wrong("more came back than was sent");
  }

  #onConnectFailed(code: SocketError): void {
    if (code === SocketError.CONNECTION_REFUSED) this.#program.Own.Refused++;
    const { Target } = this.#story ?? { Target: "echo" };
    if (Target === "flaky") return; // it comes again
    const refused = Target === "closed" && code === SocketError.CONNECTION_REFUSED;
    const unknown =
      Target === "unknown" && (code === SocketError.CANT_RESOLVE || code === SocketError.TIMED_OUT);
    this.#end(refused || unknown ? null : `could not connect: ${SocketErrorName(code)}`);
  }

  #onDisconnected(reason: CloseReason): void {
    const story = this.#story;
    if (story === null) return;
    // What the server's reset overtook is lost, and nobody promised more.
    if (story.Target === "flaky") this.Net.Disconnect();
    if (!story.IsWhole) return this.#end(null);
    if (reason !== CloseReason.PEER) return this.#end(`ended by ${CloseReasonName(reason)}`);
    const missing = this.#total - this.#received;
    this.#end(missing === 0 ? null : `${missing} of ${this.#total} bytes did not come back`);
  }

  #wrong(what: string): void {
    this.#program.Wrong(`${this.#story?.Name}: ${what}.`);
  }

  /** @param wrong what must not have happened, or null. */
  #end(wrong: string | null): void {
    if (wrong !== null) this.#wrong(wrong);
    this.#program.CountStory(this.#story?.Name ?? "");
    this.#story = null;
    this.#pause = this.#random.Integer(0, mostPauseTicks);
    this.Net.Disconnect();
  }
}
