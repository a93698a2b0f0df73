/** Differences in connecting, in the status and in the byte calls; see Differences.ts. */
import { Limits } from "../../networking/core/Limits.ts";
import { SocketError, SocketErrorName } from "../../networking/core/SocketError.ts";
import { Status, StatusName } from "../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { Pattern, ReadAll, Succeed, WaitAvailable, WaitStatus } from "../Support/Network.ts";
import { WaitFor } from "../Support/WaitFor.ts";
import type { GodotStage } from "./GodotStage.ts";
import type { Observation } from "./Observation.ts";
import { Alone, MeetDifference, Result } from "./Observation.ts";
import { SocketState, SystemSocket } from "./SystemSocket.ts";

const muchBytes = 8_388_608;

function status(stream: StreamPeerTCP): string {
  return StatusName(stream.GetStatus());
}

export const ResetWhileReading: Observation = {
  async Godot(stage) {
    const { Godot, Moonwire } = await MeetDifference(stage, "reset_while_reading");
    const godotsEnd = new SystemSocket(Moonwire);
    Moonwire.Abort();
    await godotsEnd.WaitState(SocketState.GONE);
    await Godot.Cue();
    return await Result(Godot);
  },
  async Moonwire(stage) {
    const { Stream, Plain } = await stage.Network.Pair();
    Plain.Socket.resetAndDestroy();
    const buffer = new Uint8Array(1);
    await WaitFor(() => Stream.GetPartialData(buffer).Result !== SocketError.SUCCESS, "a reset");
    return `${status(Stream)}, ${SocketErrorName(Stream.GetLastError())}`;
  },
};

export const StatusWithinTick: Observation = {
  async Godot(stage) {
    const { Godot, Moonwire } = await MeetDifference(stage, "status_within_tick");
    const godotsEnd = new SystemSocket(Moonwire);
    Moonwire.DisconnectFromHost();
    await godotsEnd.WaitState(SocketState.CLOSE_WAIT);
    await Godot.Cue();
    return await Result(Godot);
  },
  async Moonwire(stage) {
    const server = stage.Network.Listening();
    const options = { Play: "close_between", Port: server.GetLocalPort(), Role: "client" } as const;
    const Godot = await stage.Start("Differences", options);
    const stream = await stage.Network.Take(server);
    const second = await stage.Network.Take(server);
    second.BlockingTimeout = 5_000;
    const before = status(stream);
    Succeed(second.PutU8(1));
    if (second.GetU8() !== 1) throw new Error("Godot did not say that it closed.");
    const after = status(stream);
    await Godot.Exit();
    return `${before}, then ${after}`;
  },
};

export const ClosedAvailable: Observation = {
  Godot: Alone("closed_available"),
  Moonwire: (stage) => String(stage.Network.Stream().GetAvailableBytes()),
};

export const CloseUnread: Observation = {
  async Godot(stage) {
    const { Godot, Moonwire } = await MeetDifference(stage, "close_unread");
    Succeed(Moonwire.PutU8(1));
    await WaitFor(() => Moonwire.GetStatus() !== Status.STATUS_CONNECTED, "the end");
    await Godot.Exit();
    return Moonwire.GetLastError() === SocketError.CONNECTION_RESET ? "a reset" : status(Moonwire);
  },
  async Moonwire(stage) {
    const { Stream, Plain } = await stage.Network.Pair();
    Plain.Send("unread");
    await WaitAvailable(Stream, 6);
    Succeed(Stream.PutData(Pattern(60_000)));
    Stream.DisconnectFromHost();
    await WaitFor(() => Plain.Ended || Plain.Failure !== "", "the end");
    if (Plain.Failure !== "") return "a reset";
    return `${Plain.Received.length === 60_000 ? "all that" : "less than"} was put, then the close`;
  },
};

/** What comes of the tenth connection to a server that takes none. */
async function tenth(stage: GodotStage, port: number): Promise<string> {
  for (let i = 1; i < 10; i++) {
    const stream = stage.Network.Stream();
    Succeed(stream.ConnectToHost("127.0.0.1", port));
    await WaitStatus(stream, Status.STATUS_CONNECTED);
  }
  const last = stage.Network.Stream({ ConnectTimeout: 500 });
  Succeed(last.ConnectToHost("127.0.0.1", port));
  await WaitFor(() => last.GetStatus() !== Status.STATUS_CONNECTING, "the tenth connection");
  return last.GetLastError() === SocketError.TIMED_OUT ? "unanswered" : status(last);
}

export const TenthConnection: Observation = {
  async Godot(stage) {
    const [Godot, port] = await stage.Listening("Differences", "never_take");
    const seen = await tenth(stage, port);
    await Godot.Cue();
    await Godot.Exit();
    return seen;
  },
  Moonwire: (stage) => tenth(stage, stage.Network.Listening().GetLocalPort()),
};

export const ConnectTimeout: Observation = {
  Godot: Alone("connect_timeout"),
  Moonwire: () => `${Limits.connectTimeoutMs / 1_000} s`,
};

export const ConnectTwice: Observation = {
  Godot: async (stage) => Result((await MeetDifference(stage, "connect_twice")).Godot),
  async Moonwire(stage) {
    const { Stream } = await stage.Network.Pair();
    return String(Stream.ConnectToHost("127.0.0.1", Stream.GetConnectedPort()));
  },
};

export const PutTooMuch: Observation = {
  async Godot(stage) {
    const { Godot, Moonwire } = await MeetDifference(stage, "put_too_much");
    await WaitAvailable(Moonwire, Limits.inboundBufferBytes);
    const waits = !Godot.HasSaid("result");
    let count = 0;
    await WaitFor(() => (count += ReadAll(Moonwire).length) === muchBytes, "all that Godot put");
    return `${await Result(Godot)}, ${waits ? "after" : "before"} the peer read it`;
  },
  async Moonwire(stage) {
    const { Stream } = await stage.Network.Pair();
    const code = SocketErrorName(Stream.PutData(new Uint8Array(muchBytes)));
    return `${code}, ${Stream.GetOutboundBytes() === 0 ? "nothing" : "something"} sent`;
  },
};

export const GetTooMuch: Observation = {
  async Godot(stage) {
    const { Godot, Moonwire } = await MeetDifference(stage, "get_too_much");
    Succeed(Moonwire.PutData(Pattern(4)));
    await Godot.Said("getting");
    const waits = !Godot.HasSaid("result");
    Succeed(Moonwire.PutData(Pattern(6)));
    return `${await Result(Godot)}, ${waits ? "after" : "before"} the peer put 6 more`;
  },
  async Moonwire(stage) {
    const { Stream, Plain } = await stage.Network.Pair();
    Plain.Send(Pattern(4));
    await WaitAvailable(Stream, 4);
    const code = SocketErrorName(Stream.GetData(new Uint8Array(10)));
    return `${code}, ${Stream.GetAvailableBytes()} left`;
  },
};

export const GetAtEnd: Observation = {
  async Godot(stage) {
    const { Godot, Moonwire } = await MeetDifference(stage, "get_at_end");
    const godotsEnd = new SystemSocket(Moonwire);
    Succeed(Moonwire.PutData(Pattern(2)));
    Moonwire.DisconnectFromHost();
    await godotsEnd.WaitState(SocketState.CLOSE_WAIT);
    await Godot.Cue();
    return await Result(Godot);
  },
  async Moonwire(stage) {
    const { Stream, Plain } = await stage.Network.Pair();
    Plain.Socket.end(Pattern(2));
    const holds = (): boolean => Stream.GetU32() === null && Stream.IsPeerFinished();
    await WaitFor(holds, "the peer's end");
    const value = `${Stream.GetU32()}, ${SocketErrorName(Stream.GetLastError())}`;
    return `${value}, ${Stream.GetAvailableBytes()} left`;
  },
};
