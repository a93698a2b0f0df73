/**
 * The ends of a connection, seen by a real Godot and by Moonwire: the same status, and the same
 * bytes still to be read. Where they differ on purpose is in Differences.ts.
 */
import { describe, expect, test } from "vitest";
import type { StreamPeerTCP } from "../../networking/core/StreamPeerTCP.ts";
import { SocketError } from "../../networking/core/SocketError.ts";
import { Status, StatusName } from "../../networking/core/Status.ts";
import { Pattern, ReadAll, Succeed, WaitAvailable, WaitStatus } from "../Support/Network.ts";
import { NextRun, WaitFor } from "../Support/WaitFor.ts";
import { Roles, UseGodot } from "./GodotStage.ts";
import { SocketState, SystemSocket } from "./SystemSocket.ts";

const stage = UseGodot();

const seenOnRefusal = ["ERROR 0", "NONE 0"];
const seenOnClose = ["CONNECTED 10", "CONNECTED 6", "NONE 0"];
const seenOnReset = ["ERROR 0"];

/** As a new tick sees it. */
async function note(stream: StreamPeerTCP): Promise<string> {
  await NextRun();
  return `${StatusName(stream.GetStatus())} ${stream.GetAvailableBytes()}`;
}

describe("refused", () => {
  test("as Godot sees it", async () => {
    const server = stage.Network.Listening();
    const Port = server.GetLocalPort();
    server.Stop();
    const Godot = await stage.Start("Endings", { Play: "watch_refusal", Port, Role: "client" });
    expect(await Godot.Said("seen")).toEqual(seenOnRefusal);
    await Godot.Exit();
  });

  test("as Moonwire sees it, after Godot stopped listening", async () => {
    const [Godot, port] = await stage.Listening("Endings", "close_after_ten");
    await Godot.Kill();
    const stream = stage.Network.Stream();
    Succeed(stream.ConnectToHost("127.0.0.1", port));
    await WaitFor(() => stream.GetStatus() !== Status.STATUS_CONNECTING, "an answer");
    const seen = [await note(stream)];
    expect(stream.GetLastError()).toBe(SocketError.CONNECTION_REFUSED);
    stream.DisconnectFromHost();
    expect([...seen, await note(stream)]).toEqual(seenOnRefusal);
  });
});

describe.each(Roles)("endings, Godot being the %s", (role) => {
  test("a close with bytes unread, as Godot sees it", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "watch_close", role);
    const godotsEnd = new SystemSocket(Moonwire);
    Succeed(Moonwire.PutData(Pattern(10)));
    Moonwire.DisconnectFromHost();
    await godotsEnd.WaitState(SocketState.CLOSE_WAIT);
    await Godot.Cue();
    expect(await Godot.Said("seen")).toEqual(seenOnClose);
    await Godot.Exit();
  });

  test("a close with bytes unread, as Moonwire sees it", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "close_after_ten", role);
    await Godot.Exit();
    await WaitFor(() => {
      Moonwire.Poll();
      return Moonwire.IsPeerFinished();
    }, "the peer's goodbye");
    const seen = [await note(Moonwire)];
    Succeed(Moonwire.GetData(new Uint8Array(4)));
    seen.push(await note(Moonwire));
    Succeed(Moonwire.GetData(new Uint8Array(6)));
    expect([...seen, await note(Moonwire)]).toEqual(seenOnClose);
  });

  test("a reset, as Godot sees it", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "watch_reset", role);
    const godotsEnd = new SystemSocket(Moonwire);
    Moonwire.Abort();
    await godotsEnd.WaitState(SocketState.GONE);
    await Godot.Cue();
    expect(await Godot.Said("seen")).toEqual(seenOnReset);
    await Godot.Exit();
  });

  test("a reset, as Moonwire sees it", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "reset", role);
    Succeed(Moonwire.PutU8(1));
    await WaitFor(() => Moonwire.GetStatus() !== Status.STATUS_CONNECTED, "the reset");
    expect([await note(Moonwire)]).toEqual(seenOnReset);
    expect(Moonwire.GetLastError()).toBe(SocketError.CONNECTION_RESET);
    await Godot.Exit();
  });

  test("all that was put before a close arrives at a slow Godot", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "read_to_the_end", role);
    const data = Pattern(60_000);
    Succeed(Moonwire.PutData(data));
    Moonwire.DisconnectFromHost();
    await Godot.Cue();
    expect(await Godot.Said("read")).toEqual([data.length, data.at(-1)]);
    expect(await Godot.Said("seen")).toEqual(["NONE 0"]);
    await Godot.Exit();
  });

  test("all that Godot put before a close arrives", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "close_after_much", role);
    await WaitAvailable(Moonwire, 65_536);
    expect(Moonwire.GetStatus()).toBe(Status.STATUS_CONNECTED);
    let count = 0;
    let last = 0;
    await WaitFor(() => {
      const bytes = ReadAll(Moonwire);
      count += bytes.length;
      last = bytes.at(-1) ?? last;
      return Moonwire.GetStatus() !== Status.STATUS_CONNECTED;
    }, "the end of the stream");
    expect([count, last, await note(Moonwire)]).toEqual([300_000, 7, "NONE 0"]);
    await Godot.Exit();
  });

  test("Godot's answer to a half close arrives", async () => {
    const { Godot, Moonwire } = await stage.Meet("Endings", "answer", role);
    Succeed(Moonwire.PutU32(41));
    Succeed(Moonwire.Shutdown());
    await WaitAvailable(Moonwire, 4);
    expect(Moonwire.GetU32()).toBe(42);
    await WaitStatus(Moonwire, Status.STATUS_NONE);
    await Godot.Exit();
  });
});
