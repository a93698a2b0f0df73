/** Contract: when a script sees what happened. The first look of a run polls; then all holds still. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import { BeginChange, ChangesOf } from "./Changes.ts";
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

  describe.each(ChangesOf(scene))("when $Name", (change) => {
    test("the first look of the next run sees it", async () => {
      const { Stream, Bring, IsRecorded } = await BeginChange(scene, change);
      Bring();
      await scene.Until(IsRecorded, "the record");
      await scene.NewRun();
      expect(Stream.GetStatus()).toBe(change.After);
      expect(Stream.GetCloseReason()).toBe(change.Reason);
    });
  });
}

/** For backends that can wait. */
export function WaitingRunCases(scene: Scene): void {
  test.each(ChangesOf(scene))("does not see before Poll that $Name", async (change) => {
    const { Stream, Bring, IsRecorded } = await BeginChange(scene, change);
    Stream.GetStatus();
    Bring();
    expect(Stream.GetStatus()).toBe(change.Before);
    expect(scene.Harness.Backend.Block(IsRecorded, 5_000)).toBe(true);
    expect(Stream.GetStatus()).toBe(change.Before);
    expect(Stream.GetCloseReason()).toBe(CloseReason.NONE);
    const failed = change.After === Status.STATUS_ERROR;
    expect(Stream.Poll() === SocketError.SUCCESS).toBe(!failed);
    expect(Stream.GetStatus()).toBe(change.After);
    expect(Stream.GetCloseReason()).toBe(change.Reason);
  });
}
