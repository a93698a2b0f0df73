/**
 * A port on this machine that never answers: its listener accepts nothing and its queue is full, so
 * the system drops every further attempt, as a host behind a silent firewall does.
 */
import type { Socket } from "node:net";
import { connect } from "node:net";
import { Worker } from "node:worker_threads";
import { NextRun, WaitFor } from "./WaitFor.ts";

/** Listens on `host`, tells the port, and then blocks its event loop for good. */
const code = `
  const { parentPort, workerData } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ ...workerData, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;
/** A queue of 1 holds 2 on Linux; one more attempt finds it full. */
const fillers = 4;

export class SilentListener {
  readonly Port: number;
  readonly #worker: Worker;
  readonly #fillers: Socket[];

  private constructor(port: number, worker: Worker, sockets: Socket[]) {
    this.Port = port;
    this.#worker = worker;
    this.#fillers = sockets;
  }

  static async Start(host = "127.0.0.1", port = 0): Promise<SilentListener> {
    const worker = new Worker(code, { eval: true, workerData: { host, port } });
    let chosen = 0;
    worker.on("message", (told: number) => (chosen = told));
    await WaitFor(() => chosen !== 0, "the silent listener");
    let connected = 0;
    const sockets = Array.from({ length: fillers }, () => {
      const socket = connect(chosen, host, () => connected++);
      socket.on("error", () => undefined); // when the listener ends
      return socket;
    });
    await WaitFor(() => connected >= 2, "a full queue at the silent listener");
    await NextRun();
    return new SilentListener(chosen, worker, sockets);
  }

  async Stop(): Promise<void> {
    for (const socket of this.#fillers) socket.destroy();
    await this.#worker.terminate();
  }
}
