/** Contract: when a script sees what happened. The first look of a run polls; then all holds still. */
import { describe, expect, onTestFinished, test, vi } from "vitest";
import type { BackendSocket } from "../../../../networking/core/NetBackend.ts";
import { SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import type { FarPeer } from "./Harness.ts";
import type { Scene } from "./Scene.ts";

/** Luna's sample as scripts write it: it looks at the status each tick, and never polls. */
class LunaScript {
  readonly #stream: StreamPeerTCP;
  readonly #host: string;
  readonly #port: number;
  #greeted = false;
  #last: Status = Status.STATUS_NONE;
  Heard = "";
  readonly Seen: Status[] = [];

  constructor(stream: StreamPeerTCP, host: string, port: number) {
    this.#stream = stream;
    this.#host = host;
    this.#port = port;
  }

  Ready(): void {
    this.#stream.ConnectToHost(this.#host, this.#port);
  }

  Process(): void {
    const status = this.#stream.GetStatus();
    if (status !== this.#last) this.Seen.push(status);
    this.#last = status;
    if (status !== Status.STATUS_CONNECTED) return;
    if (!this.#greeted) this.#greeted = this.#stream.PutUtf8String("hello") === 0;
    const text = this.#stream.GetUtf8String();
    if (text !== null) this.Heard += text;
  }
}

export function LatchingCases(scene: Scene): void {
  describe("Luna's sample, without Poll", () => {
    async function play(act: (far: FarPeer) => void): Promise<LunaScript> {
      const server = await scene.FarServer();
      const script = new LunaScript(scene.Stream(), "127.0.0.1", server.Port);
      script.Ready();
      const tick = (holds: () => boolean): (() => boolean) => {
        return () => {
          script.Process();
          return holds();
        };
      };
      await scene.Until(
        tick(() => server.Peers[0]?.ReceivedCount() === 9),
        "the greeting",
      );
      const far = await scene.Peer(server);
      far.Send(far.Received());
      await scene.Until(
        tick(() => script.Heard !== ""),
        "the echo",
      );
      act(far);
      await scene.Until(
        tick(() => script.Seen.length >= 3),
        "the end",
      );
      return script;
    }

    test("sees CONNECTING, CONNECTED, and NONE when the peer is done", async () => {
      const script = await play((far) => far.Finish());
      expect(script.Heard).toBe("hello");
      const { STATUS_CONNECTING, STATUS_CONNECTED, STATUS_NONE } = Status;
      expect(script.Seen).toEqual([STATUS_CONNECTING, STATUS_CONNECTED, STATUS_NONE]);
    });

    test("sees CONNECTING, CONNECTED, and ERROR when the peer resets", async () => {
      const script = await play((far) => far.Reset());
      expect(script.Heard).toBe("hello");
      const { STATUS_CONNECTING, STATUS_CONNECTED, STATUS_ERROR } = Status;
      expect(script.Seen).toEqual([STATUS_CONNECTING, STATUS_CONNECTED, STATUS_ERROR]);
    });
  });

  interface Change {
    readonly Name: string;
    readonly Before: Status;
    readonly After: Status;
    readonly Reason: CloseReason;
    /** @returns a stream, and what brings the change about. */
    Make(): Promise<[StreamPeerTCP, () => void]>;
    Recorded(socket: BackendSocket): boolean;
  }

  /** A far end that acts even while this thread waits, where there is one. */
  async function paired(verb: "Finish" | "Reset"): Promise<[StreamPeerTCP, () => void]> {
    if (!scene.Traits.Capabilities.Listen) {
      const { Stream, Far } = await scene.Pair();
      return [Stream, () => Far[verb]()];
    }
    const server = scene.Listening();
    const stream = scene.Stream();
    stream.ConnectToHost("127.0.0.1", server.GetLocalPort());
    const taken = await scene.Take(server);
    await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
    return [stream, () => void (verb === "Finish" ? taken.Shutdown() : taken.Abort())];
  }

  function connecting(port: number): [StreamPeerTCP, () => void] {
    const stream = scene.Stream();
    return [stream, () => void stream.ConnectToHost("127.0.0.1", port)];
  }

  const { STATUS_NONE, STATUS_CONNECTING, STATUS_CONNECTED, STATUS_ERROR } = Status;
  const changes: Change[] = [
    {
      Name: "the connection stands",
      Before: STATUS_CONNECTING,
      After: STATUS_CONNECTED,
      Reason: CloseReason.NONE,
      Make: async () => connecting((await scene.FarServer()).Port),
      Recorded: (socket) => socket.Phase() === SocketPhase.OPEN,
    },
    {
      Name: "the connect is refused",
      Before: STATUS_CONNECTING,
      After: STATUS_ERROR,
      Reason: CloseReason.ERROR,
      Make: async () => connecting(await scene.DeadPort()),
      Recorded: (socket) => socket.Phase() === SocketPhase.CLOSED,
    },
    {
      Name: "the peer finishes",
      Before: STATUS_CONNECTED,
      After: STATUS_NONE,
      Reason: CloseReason.PEER,
      Make: () => paired("Finish"),
      Recorded: (socket) => socket.PeerFinished(),
    },
    {
      Name: "the peer resets",
      Before: STATUS_CONNECTED,
      After: STATUS_ERROR,
      Reason: CloseReason.RESET,
      Make: () => paired("Reset"),
      Recorded: (socket) => socket.Phase() === SocketPhase.CLOSED,
    },
  ];

  describe.each(changes)("when $Name", (change) => {
    /** A stream before the change, and what a backend's socket has recorded of it. */
    async function begin(): Promise<[StreamPeerTCP, () => void, () => boolean]> {
      const spy = vi.spyOn(scene.Harness.Backend, "OpenSocket");
      onTestFinished(() => spy.mockRestore());
      const [stream, bring] = await change.Make();
      await scene.NewRun();
      const socket = (): BackendSocket => spy.mock.results.at(-1)!.value as BackendSocket;
      return [stream, bring, () => change.Recorded(socket())];
    }

    test("the first look of the next run sees it", async () => {
      const [stream, bring, isRecorded] = await begin();
      bring();
      await scene.Until(isRecorded, "the record");
      await scene.NewRun();
      expect(stream.GetStatus()).toBe(change.After);
      expect(stream.GetCloseReason()).toBe(change.Reason);
    });

    if (!scene.Traits.Capabilities.Blocking) return;
    test("a run that waits does not see it before Poll", async () => {
      const [stream, bring, isRecorded] = await begin();
      stream.GetStatus();
      bring();
      expect(stream.GetStatus()).toBe(change.Before);
      expect(scene.Harness.Backend.Block(isRecorded, 5_000)).toBe(true);
      expect(stream.GetStatus()).toBe(change.Before);
      expect(stream.GetCloseReason()).toBe(CloseReason.NONE);
      const failed = change.After === STATUS_ERROR;
      expect(stream.Poll() === SocketError.SUCCESS).toBe(!failed);
      expect(stream.GetStatus()).toBe(change.After);
      expect(stream.GetCloseReason()).toBe(change.Reason);
    });
  });
}
