import { describe, expect, test, vi } from "vitest";
import { WebLimits } from "../../../../networking/backends/web/WebLimits.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { ListenerPhase, SocketPhase } from "../../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { local, remote } from "../../mux/MuxPair.ts";
import { FarEnd } from "./FarEnd.ts";
import { Latest } from "./FakeWebSocket.ts";
import { UseWebBackend } from "./UseFakes.ts";

const stage = UseWebBackend();

describe("a listener", () => {
  function listen() {
    return stage.Backend.Listen({
      Address: new IpAddress("*"),
      Port: 0,
      Backlog: 8,
      InboundBufferBytes: 1_024,
      OutboundBufferBytes: 1_024,
    });
  }

  /** The bridge listens at the port that was asked for last. */
  async function grant(far: FarEnd) {
    await far.Run();
    const asked = far.Events.findLast((event) => event.Kind === "listen");
    if (asked?.Kind !== "listen") throw new Error("Nobody asked for a port.");
    far.Mux.Listening(asked.Listener, local);
    await far.Run();
    return asked;
  }

  test("is what the bridge offers, and may be tried before that is known", async () => {
    expect(stage.Backend.Capabilities.Listen).toBe(true);
    const refused = listen();
    const far = new FarEnd(Latest(), 0);
    await far.Run();
    expect([stage.Backend.Capabilities.Listen, refused.Failure()]).toEqual([
      false,
      SocketError.UNAVAILABLE,
    ]);
    stage.Backend.Disconnect();
    const granted = listen();
    await vi.advanceTimersByTimeAsync(WebLimits.backoffMaxMs);
    await grant(new FarEnd());
    expect([stage.Backend.Capabilities.Listen, granted.Phase()]).toEqual([
      true,
      ListenerPhase.LISTENING,
    ]);
    granted.Close();
  });

  test("that stood is asked for again on the next link, however many attempts it takes", async () => {
    const listener = listen();
    await grant(new FarEnd());
    Latest().Die();
    expect(listener.Phase()).toBe(ListenerPhase.OPENING);
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(WebLimits.backoffMaxMs);
      Latest().Die();
    }
    await vi.advanceTimersByTimeAsync(WebLimits.backoffMaxMs);
    expect((await grant(new FarEnd())).Port).toBe(local.Port);
    expect(listener.Phase()).toBe(ListenerPhase.LISTENING);
    listener.Close();
  });

  test("that never stood ends with the first attempt that fails", () => {
    const listener = listen();
    Latest().Die();
    Latest().Die();
    expect(listener.Failure()).toBe(SocketError.HOST_UNREACHABLE);
  });

  test("moves to the next link when the bridge goes; connections stay where they are", async () => {
    const listener = listen();
    const far = new FarEnd();
    const asked = await grant(far);
    const old = Latest();
    const stream = far.Mux.Accept(asked.Listener, far.Out, far.In, local, remote);
    await far.Run();
    const taken = listener.Take();
    far.Mux.GoAway(25_000, 0);
    far.Mux.Unlisten(asked.Listener, SocketError.CONNECTION_CLOSED);
    await far.Run();
    await vi.advanceTimersByTimeAsync(WebLimits.backoffMaxMs);
    expect(Latest()).not.toBe(old);
    await grant(new FarEnd());
    expect([listener.Phase(), taken?.Phase()]).toEqual([ListenerPhase.LISTENING, SocketPhase.OPEN]);
    far.Out.Write(Uint8Array.of(5));
    far.Mux.SourceChanged(stream);
    await far.Run();
    expect(taken?.Inbound.Used()).toBe(1);
    taken?.Abort();
    await far.Run();
    expect(old.readyState).toBe(2);
    listener.Close();
  });
});
