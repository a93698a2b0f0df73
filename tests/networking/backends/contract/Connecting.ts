/** Contract: connecting, and everything that it can come to. */
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { Scene } from "./Scene.ts";

export function ConnectingCases(scene: Scene): void {
  describe("connecting succeeds", () => {
    const targets: [string, IpAddress | string, string][] = [
      ["an IPv4 text", "127.0.0.1", "127.0.0.1"],
      ["an IPv4 address", new IpAddress("127.0.0.1"), "127.0.0.1"],
      ["a mapped address", "::ffff:127.0.0.1", "127.0.0.1"],
      ["an IPv6 text", "::1", "::1"],
      ["an IPv6 address", new IpAddress("::1"), "::1"],
      ["localhost, with a server on IPv4 only", "localhost", "127.0.0.1"],
      ["a name in capitals", "LocalHost", "127.0.0.1"],
      ["a name with a trailing dot", "localhost.", "127.0.0.1"],
    ];
    test.each(targets)("with %s", async (_name, host, where) => {
      const server = await scene.FarServer(where);
      const stream = scene.Stream();
      expect(stream.ConnectToHost(host, server.Port)).toBe(SocketError.SUCCESS);
      expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
      expect(stream.GetConnectedPort()).toBe(server.Port);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      const far = await scene.Peer(server);
      expect(stream.GetConnectedHost().ToString()).toBe(where);
      expect(stream.GetConnectedPort()).toBe(server.Port);
      expect(stream.GetLocalPort()).toBe(far.RemotePort);
      expect(stream.GetLocalHost().ToString()).toBe(where);
      expect(stream.GetCloseReason()).toBe(CloseReason.NONE);
      expect(stream.GetLastError()).toBe(SocketError.SUCCESS);
    });

    test("with localhost, with a server on IPv6 only, where localhost is IPv6 too", async () => {
      const lookup = scene.Harness.Backend.Lookup("localhost", 0);
      await scene.Until(() => lookup.Done(), "the lookup");
      const isKnown = lookup.Addresses().some((address) => !address.IsIpv4());
      const server = await scene.FarServer("::1");
      const stream = scene.Stream();
      expect(stream.ConnectToHost("localhost", server.Port)).toBe(SocketError.SUCCESS);
      await scene.UntilStatus(stream, isKnown ? Status.STATUS_CONNECTED : Status.STATUS_ERROR);
      const { SUCCESS, CONNECTION_REFUSED } = SocketError;
      expect(stream.GetLastError()).toBe(isKnown ? SUCCESS : CONNECTION_REFUSED);
      expect(stream.GetConnectedHost().ToString()).toBe(isKnown ? "::1" : "");
    });
  });
}
