/** Contract: deadlines of seconds, for backends where they cost no real time. */
import { expect, test } from "vitest";
import { Limits } from "../../../../networking/core/Limits.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { Scene } from "./Scene.ts";

export function LongWaitCases(scene: Scene): void {
  const now = (): number => scene.Harness.Backend.Now();

  test("a peer that takes nothing is reset 5,000 ms after the disconnect", async () => {
    const { Stream, Far } = await scene.Pair({}, false);
    await scene.Fill(Stream);
    const from = now();
    Stream.DisconnectFromHost();
    await scene.Until(() => Far.WasReset(), "the reset");
    expect(now() - from).toBeGreaterThanOrEqual(Limits.lingerMs);
    expect(now() - from).toBeLessThan(Limits.lingerMs + 100);
  });

  test("a peer that stays silent is waited for without end", async () => {
    const { Stream, Far } = await scene.Pair();
    const until = now() + 50_000;
    await scene.Until(() => now() >= until, "50,000 ms");
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    expect(Stream.GetCloseReason()).toBe(CloseReason.NONE);
    expect(Stream.PutU8(1)).toBe(SocketError.SUCCESS);
    await scene.UntilHeard(Far, 1);
  });

  test("a put that waits for ever goes through when the peer reads on", async () => {
    const { Stream, Far } = await scene.Pair({}, false);
    const filled = await scene.Fill(Stream);
    const waiting = Stream.PutDataAsync(new Uint8Array(1_000));
    const until = now() + 50_000;
    await scene.Until(() => now() >= until, "50,000 ms");
    Far.Read();
    expect(await scene.Answer(waiting)).toBe(SocketError.SUCCESS);
    await scene.UntilHeard(Far, filled + 1_000);
  });
}
