/** Contract: what the calls answer in each status. A misuse never harms. */
import { describe, expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import type { Scene } from "./Scene.ts";

const one = Uint8Array.of(1);
const none = new Uint8Array(0);
const { SUCCESS, FAILED } = SocketError;

/** The same in NONE, CONNECTING and ERROR: there is no connection. */
const calls: [string, (stream: StreamPeerTCP) => unknown, unknown][] = [
  ["PutData(1)", (stream) => stream.PutData(one), FAILED],
  ["PutData(0)", (stream) => stream.PutData(none), FAILED],
  ["PutPartialData(1)", (stream) => stream.PutPartialData(one), { Result: FAILED, BytesSent: 0 }],
  ["PutPartialData(0)", (stream) => stream.PutPartialData(none), { Result: FAILED, BytesSent: 0 }],
  ["GetData(1)", (stream) => stream.GetData(one.slice()), FAILED],
  ["GetData(0)", (stream) => stream.GetData(none), SUCCESS],
  ["GetPartialData", (stream) => stream.GetPartialData(one), { Result: FAILED, Received: 0 }],
  ["GetU8", (stream) => stream.GetU8(), null],
  ["PutU8", (stream) => stream.PutU8(1), FAILED],
  ["Shutdown", (stream) => stream.Shutdown(), FAILED],
  ["GetAvailableBytes", (stream) => stream.GetAvailableBytes(), 0],
  ["GetOutboundBytes", (stream) => stream.GetOutboundBytes(), 0],
  ["GetLocalPort", (stream) => stream.GetLocalPort(), 0],
  ["GetLocalHost", (stream) => stream.GetLocalHost().IsValid(), false],
  ["SetNoDelay", (stream) => stream.SetNoDelay(false), undefined],
  ["SetKeepAlive", (stream) => stream.SetKeepAlive(true), undefined],
];

interface State {
  readonly Name: string;
  readonly Status: Status;
  readonly PollCode: SocketError;
  Make(): Promise<StreamPeerTCP>;
}

export function StateCases(scene: Scene): void {
  const states: State[] = [
    {
      Name: "NONE",
      Status: Status.STATUS_NONE,
      PollCode: SUCCESS,
      Make: () => Promise.resolve(scene.Stream()),
    },
    {
      Name: "CONNECTING",
      Status: Status.STATUS_CONNECTING,
      PollCode: SUCCESS,
      Make: async () => {
        const { Host, Port } = await scene.Harness.Silent();
        const stream = scene.Stream();
        stream.ConnectToHost(Host, Port);
        return stream;
      },
    },
    {
      Name: "ERROR",
      Status: Status.STATUS_ERROR,
      PollCode: SocketError.CONNECTION_REFUSED,
      Make: async () => {
        const stream = scene.Stream();
        stream.ConnectToHost("127.0.0.1", await scene.DeadPort());
        await scene.UntilStatus(stream, Status.STATUS_ERROR);
        return stream;
      },
    },
    {
      Name: "NONE again",
      Status: Status.STATUS_NONE,
      PollCode: SUCCESS,
      Make: async () => {
        const { Stream } = await scene.Pair();
        Stream.DisconnectFromHost();
        return Stream;
      },
    },
  ];

  describe.each(states)("in $Name", (state) => {
    test.each(calls)("%s answers as documented", async (_name, call, expected) => {
      const stream = await state.Make();
      expect(call(stream)).toEqual(expected);
      await scene.NewRun();
      expect(stream.GetStatus()).toBe(state.Status);
    });

    test("Poll is legal, and idempotent", async () => {
      const stream = await state.Make();
      for (let i = 0; i < 3; i++) expect(stream.Poll()).toBe(state.PollCode);
      expect(stream.GetStatus()).toBe(state.Status);
    });

    test("a disconnect ends in NONE, as often as it is called", async () => {
      const stream = await state.Make();
      for (const end of [() => stream.DisconnectFromHost(), () => stream.Abort()]) {
        end();
        end();
        expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
        expect(stream.Poll()).toBe(SUCCESS);
      }
    });
  });

  describe("while connected", () => {
    test.each(["PutData", "PutPartialData", "GetData", "GetPartialData"] as const)(
      "%s of a text throws",
      async (call) => {
        const { Stream } = await scene.Pair();
        expect(() => Stream[call]("text" as never)).toThrow(TypeError);
        expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
      },
    );

    test("options can be set, and bytes go on", async () => {
      const { Stream, Far } = await scene.Pair();
      for (const enabled of [false, true]) {
        Stream.SetNoDelay(enabled);
        Stream.SetKeepAlive(enabled);
        Stream.PutU8(5);
      }
      await scene.UntilHeard(Far, 2);
      expect(() => Stream.SetNoDelay(1 as never)).toThrow(TypeError);
    });
  });
}
