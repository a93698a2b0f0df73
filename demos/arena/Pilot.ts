/**
 * The server's side of one player: its packets, its queue of inputs, and what it still has to be
 * sent.
 *
 * Bounds: `packetsPerFrame` packets are read per frame, the rest waits in the stream and pushes
 * back on the sender; `maxInputs` inputs wait for their step, the oldest leave; a peer that takes
 * no snapshot for `slowSteps` is slow, and the server lets it go.
 */
import { PacketPeerStream, SocketError } from "moonwire/networking";
import type { StreamPeer } from "moonwire/networking";
import { DecodeClientMessage, SetAcked } from "./Protocol.ts";
import type { ClientMessage } from "./Protocol.ts";
import { Rules } from "./Rules.ts";

const packetsPerFrame = 8;
const maxInputs = 4;
/** Three seconds without room for a snapshot. */
const slowSteps = 3 * Rules.stepsPerSecond;
/** Five seconds from the connection to the name. */
const joinSteps = 5 * Rules.stepsPerSecond;
/** Inputs that wait this long without need are only delay; one of them is skipped then. */
const slackSteps = Rules.stepsPerSecond;
/** No honest message is longer; a longer one ends the stream before it is stored. */
const inputBufferBytes = 256;

export class Pilot {
  /** The connection's id. */
  readonly Id: number;
  /** The ship's id, 0 until the pilot has joined. */
  ShipId = 0;
  Name = "";
  /** What is held down in this step, bits of `Button`. */
  Buttons = 0;
  /** The roster has changed since this pilot got it. */
  RosterDue = false;
  readonly #packets = new PacketPeerStream();
  readonly #inputs: { sequence: number; buttons: number }[] = [];
  #lastSequence = 0;
  #acked = 0;
  #steps = 0;
  #skipped = 0;
  /** The fewest inputs that waited after a step, since `#slackSince`. */
  #slack = maxInputs;
  #slackSince = 0;

  constructor(id: number, peer: StreamPeer) {
    this.Id = id;
    this.#packets.InputBufferMaxSize = inputBufferBytes;
    this.#packets.StreamPeer = peer;
  }

  /** It took no snapshot for too long. */
  get IsSlow(): boolean {
    return this.#skipped >= slowSteps;
  }

  /** It had its time to say a name. */
  get IsLate(): boolean {
    return this.ShipId === 0 && this.#steps >= joinSteps;
  }

  /**
   * Gives what arrived to `handle`, at most `packetsPerFrame` messages.
   * @param handle returns false when the message makes no sense at this point.
   * @returns false when the peer sent garbage; nothing more is read then.
   */
  Receive(handle: (message: ClientMessage) => boolean): boolean {
    for (let left = packetsPerFrame; left > 0; left--) {
      const packet = this.#packets.GetPacket();
      if (packet === null) return this.#packets.GetPacketError() !== SocketError.PROTOCOL_ERROR;
      const message = DecodeClientMessage(packet);
      if (message === null || !handle(message)) return false;
    }
    return true;
  }

  /** Queues an input. @returns false when its sequence does not count up. */
  AddInput(sequence: number, buttons: number): boolean {
    if (sequence <= this.#lastSequence) return false;
    this.#lastSequence = sequence;
    this.#inputs.push({ sequence, buttons });
    if (this.#inputs.length > maxInputs) this.#inputs.shift();
    return true;
  }

  /** Begins a step: takes the next input, or keeps what was held when none has come. */
  Step(): void {
    this.#steps++;
    this.#take();
    this.#slack = Math.min(this.#slack, this.#inputs.length);
    if (this.#steps - this.#slackSince < slackSteps) return;
    if (this.#slack > 0) this.#take();
    this.#slack = maxInputs;
    this.#slackSince = this.#steps;
  }

  #take(): void {
    const input = this.#inputs.shift();
    if (input === undefined) return;
    this.Buttons = input.buttons;
    this.#acked = input.sequence;
  }

  /** Sends a message. @returns false when there is no room yet. */
  Send(message: Uint8Array): boolean {
    return this.#packets.PutPacket(message) === SocketError.SUCCESS;
  }

  /** Sends this step's snapshot, or skips it when the peer reads too slowly. */
  SendSnapshot(snapshot: Uint8Array): void {
    SetAcked(snapshot, this.#acked);
    this.#skipped = this.Send(snapshot) ? 0 : this.#skipped + 1;
  }
}
