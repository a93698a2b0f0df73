/** The changes of a stream's status that the network brings, for the cases about seeing them. */
import { onTestFinished, vi } from "vitest";
import type { BackendSocket } from "../../../../networking/core/NetBackend.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import type { Scene } from "./Scene.ts";

/** A stream, and what brings the change about. */
type Made = readonly [StreamPeerTCP, () => void];

export interface Change {
  readonly Name: string;
  readonly Before: Status;
  readonly After: Status;
  readonly Reason: CloseReason;
  Make(): Promise<Made>;
  IsRecorded(socket: BackendSocket): boolean;
}

export interface BegunChange {
  readonly Stream: StreamPeerTCP;
  readonly Bring: () => void;
  /** The backend knows of the change, whether or not anybody has looked. */
  readonly IsRecorded: () => boolean;
}

export async function BeginChange(scene: Scene, change: Change): Promise<BegunChange> {
  const spy = vi.spyOn(scene.Harness.Backend, "OpenSocket");
  onTestFinished(() => spy.mockRestore());
  const [Stream, Bring] = await change.Make();
  await scene.NewRun();
  const socket = (): BackendSocket => spy.mock.results.at(-1)!.value as BackendSocket;
  return { Stream, Bring, IsRecorded: () => change.IsRecorded(socket()) };
}

export function ChangesOf(scene: Scene): Change[] {
  const { STATUS_NONE, STATUS_CONNECTING, STATUS_CONNECTED, STATUS_ERROR } = Status;
  return [
    {
      Name: "the connection stands",
      Before: STATUS_CONNECTING,
      After: STATUS_CONNECTED,
      Reason: CloseReason.NONE,
      Make: async () => connecting(scene, (await scene.FarServer()).Port),
      IsRecorded: (socket) => socket.Phase() === SocketPhase.OPEN,
    },
    {
      Name: "the connect is refused",
      Before: STATUS_CONNECTING,
      After: STATUS_ERROR,
      Reason: CloseReason.ERROR,
      Make: async () => connecting(scene, await scene.DeadPort()),
      IsRecorded: (socket) => socket.Phase() === SocketPhase.CLOSED,
    },
    {
      Name: "the peer finishes",
      Before: STATUS_CONNECTED,
      After: STATUS_NONE,
      Reason: CloseReason.PEER,
      Make: () => paired(scene, "Finish"),
      IsRecorded: (socket) => socket.PeerFinished(),
    },
    {
      Name: "the peer resets",
      Before: STATUS_CONNECTED,
      After: STATUS_ERROR,
      Reason: CloseReason.RESET,
      Make: () => paired(scene, "Reset"),
      IsRecorded: (socket) => socket.Phase() === SocketPhase.CLOSED,
    },
  ];
}

function connecting(scene: Scene, port: number): Made {
  const stream = scene.Stream();
  return [stream, () => void stream.ConnectToHost("127.0.0.1", port)];
}

/** With a far end that acts even while this thread waits, where one can wait. */
async function paired(scene: Scene, verb: "Finish" | "Reset"): Promise<Made> {
  const server = await scene.Listening();
  const stream = scene.Stream();
  stream.ConnectToHost("127.0.0.1", server.GetLocalPort());
  const taken = await scene.Take(server);
  await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
  return [stream, () => void (verb === "Finish" ? taken.Shutdown() : taken.Abort())];
}
