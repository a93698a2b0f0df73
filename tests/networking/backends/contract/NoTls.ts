/** Contract: TLS where the backend has none. Both ends say so, and the stream goes on in clear. */
import { expect, test } from "vitest";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { Status } from "../../../../networking/core/Status.ts";
import { StreamPeerTLS } from "../../../../networking/core/StreamPeerTLS.ts";
import { TLSOptions } from "../../../../networking/core/TLSOptions.ts";
import { ExpectBytes, Pattern } from "./Bytes.ts";
import type { Scene } from "./Scene.ts";

/** For backends that cannot. */
export function NoTlsCases(scene: Scene): void {
  test.each(["", "moon.example"])("ConnectToStream to %j is UNAVAILABLE", async (name) => {
    const { Stream, Far } = await scene.Pair();
    const tls = new StreamPeerTLS();
    const code = tls.ConnectToStream(Stream, name, TLSOptions.ClientUnsafe());
    expect(code).toBe(SocketError.UNAVAILABLE);
    expect(tls.GetStatus()).toBe(StreamPeerTLS.STATUS_DISCONNECTED);
    expect(tls.PutData(Pattern(1))).toBe(SocketError.FAILED);
    expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    expect(Stream.PutData(Pattern(9))).toBe(SocketError.SUCCESS);
    await scene.UntilHeard(Far, 9);
    ExpectBytes(Far.Received(), Pattern(9));
  });
}
