/**
 * What the system knows of a connection between Moonwire and Godot, before Godot has looked:
 * proc(5), /proc/net/tcp. Only with it can a test say "the goodbye has arrived, and before it bytes
 * that Godot has not read".
 */
import { readFileSync } from "node:fs";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { WaitFor } from "../Support/WaitFor.ts";

/** Numbers of the kernel's tcp_states.h. GONE is ours: it is in the table no more. */
export const SocketState = Object.freeze({ GONE: 0, ESTABLISHED: 1, CLOSE_WAIT: 8 } as const);
export type SocketState = (typeof SocketState)[keyof typeof SocketState];

export class SystemSocket {
  readonly #godot: string;
  readonly #moonwire: string;

  /** @param moonwire connected to a Godot on this machine. */
  constructor(moonwire: StreamPeerTCP) {
    this.#godot = end(moonwire.GetConnectedPort());
    this.#moonwire = end(moonwire.GetLocalPort());
  }

  /** Until Godot's end is in this state. */
  WaitState(state: SocketState): Promise<void> {
    const holds = (): boolean =>
      Number.parseInt(this.#row(this.#godot, this.#moonwire), 16) === state;
    return WaitFor(holds, `state ${state} of Godot's end`);
  }

  /** Until everything that left Moonwire has arrived at Godot's end. */
  WaitArrived(): Promise<void> {
    const holds = (): boolean => / 0{8}:/.test(this.#row(this.#moonwire, this.#godot));
    return WaitFor(holds, "an empty send queue");
  }

  /** State and queues, "01 00000000:0000000A ..."; for a socket that is no more "00". */
  #row(own: string, other: string): string {
    const lines = readFileSync("/proc/net/tcp", "latin1").split("\n");
    const line = lines.find((text) => text.includes(` ${own} ${other} `));
    return line?.split(` ${other} `)[1] ?? "00";
  }
}

/** 127.0.0.1 and a port, as that table prints them on little-endian machines. */
function end(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
}
