/**
 * The entry of the network thread: takes commands from the game thread and ends with the process.
 * Never writes to the console, which would go through the game thread.
 */
import { workerData } from "node:worker_threads";
import type { Command, ThreadStart } from "../Commands.ts";
import { SharedControl } from "../SharedControl.ts";
import { ThreadHost } from "./ThreadHost.ts";

const { Control, Port } = workerData as ThreadStart;
const control = new SharedControl(Control);
const host = new ThreadHost(control, (report) => Port.postMessage(report));

Port.on("message", (message: Command | number) => {
  if (typeof message === "number") host.ServeDirty();
  else host.Run(message);
});
process.on("exit", () => control.MarkDead());
