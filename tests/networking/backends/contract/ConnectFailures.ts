/** Contract: every way in which a connect comes to nothing, and what the stream says then. */
import { describe, expect, test } from "vitest";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";
import { SocketError } from "../../../../networking/core/SocketError.ts";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import type { StreamPeerTCP } from "../../../../networking/core/StreamPeerTCP.ts";
import type { Scene } from "./Scene.ts";

const home = "127.0.0.1";
const { INVALID_PARAMETER, INVALID_IP_ADDRESS, CANT_RESOLVE } = SocketError;

const wrongCalls: [string, IpAddress | string, number, SocketError][] = [
  ["port 0", home, 0, INVALID_PARAMETER],
  ["port -1", home, -1, INVALID_PARAMETER],
  ["port 65536", home, 65_536, INVALID_PARAMETER],
  ["port 1.5", home, 1.5, INVALID_PARAMETER],
  ["port NaN", home, NaN, INVALID_PARAMETER],
  ["an invalid address", new IpAddress(), 80, INVALID_IP_ADDRESS],
  ["the wildcard address", new IpAddress("*"), 80, INVALID_IP_ADDRESS],
  ["no text", "", 80, INVALID_IP_ADDRESS],
  ["the wildcard", "*", 80, INVALID_IP_ADDRESS],
  ["a part above 255", "127.0.0.256", 80, INVALID_IP_ADDRESS],
  ["broken IPv6", "::g", 80, INVALID_IP_ADDRESS],
  ["two parts", "127.1", 80, CANT_RESOLVE],
  ["one number", "2130706433", 80, CANT_RESOLVE],
  ["a hexadecimal number", "0x7f000001", 80, CANT_RESOLVE],
  ["a space", "no name", 80, CANT_RESOLVE],
  ["an empty label", "a..b", 80, CANT_RESOLVE],
  ["a label of 64", "a".repeat(64), 80, CANT_RESOLVE],
  ["a name of 254", `${"a.".repeat(126)}bc`, 80, CANT_RESOLVE],
];

export function ConnectFailureCases(scene: Scene): void {
  describe("connecting is refused at once", () => {
    test.each(wrongCalls)("with %s", (_name, host, port, code) => {
      const stream = scene.Stream();
      expect(stream.ConnectToHost(host, port)).toBe(code);
      expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
      expect(stream.GetConnectedPort()).toBe(0);
      expect(stream.ConnectToHost(home, 9)).toBe(SocketError.SUCCESS);
    });

    test.each([
      [null, 80],
      [80, 80],
      [home, "80"],
      [home, undefined],
    ])("as a mistake: ConnectToHost(%s, %s) throws", (host, port) => {
      const stream = scene.Stream();
      expect(() => stream.ConnectToHost(host as string, port as number)).toThrow(TypeError);
      expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
    });
  });

  describe("connecting fails", () => {
    async function expectFailure(stream: StreamPeerTCP, code: SocketError): Promise<void> {
      await scene.UntilStatus(stream, Status.STATUS_ERROR);
      expect(stream.GetLastError()).toBe(code);
      expect(stream.Poll()).toBe(code);
      expect(stream.GetConnectedHost().IsValid()).toBe(false);
      expect(stream.GetConnectedPort()).toBe(0);
      expect(stream.GetAvailableBytes()).toBe(0);
    }

    test.each([
      [home, home],
      ["::1", "::1"],
      ["localhost", home],
    ])("at %s, where nobody listens: CONNECTION_REFUSED", async (host, where) => {
      const port = await scene.DeadPort(where);
      const stream = scene.Stream();
      expect(stream.ConnectToHost(host, port)).toBe(SocketError.SUCCESS);
      expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
      await expectFailure(stream, SocketError.CONNECTION_REFUSED);
      expect(stream.GetCloseReason()).toBe(CloseReason.ERROR);
    });

    test("at a name that nobody has: CANT_RESOLVE", async () => {
      const stream = scene.Stream();
      expect(stream.ConnectToHost(scene.Traits.UnknownName, 9)).toBe(SocketError.SUCCESS);
      expect(stream.GetStatus()).toBe(Status.STATUS_CONNECTING);
      await expectFailure(stream, SocketError.CANT_RESOLVE);
      expect(stream.GetCloseReason()).toBe(CloseReason.ERROR);
    });

    test.each(scene.Traits.ConnectTimeouts)(
      "at a silent place: TIMED_OUT, option $OptionMs, after $ExpectedMs ms",
      async ({ OptionMs, ExpectedMs }) => {
        const { Host, Port } = await scene.Harness.Silent();
        const { Backend } = scene.Harness;
        const stream = scene.Stream(OptionMs === null ? {} : { ConnectTimeout: OptionMs });
        const from = Backend.Now();
        expect(stream.ConnectToHost(Host, Port)).toBe(SocketError.SUCCESS);
        await expectFailure(stream, SocketError.TIMED_OUT);
        expect(stream.GetCloseReason()).toBe(CloseReason.TIMEOUT);
        const tookMs = Backend.Now() - from;
        expect(tookMs).toBeGreaterThanOrEqual(ExpectedMs - 2);
        expect(tookMs).toBeLessThan(ExpectedMs + 5_000);
      },
    );

    test.each([0, -1, NaN, 2 ** 31])("never: ConnectTimeout %d throws", (ConnectTimeout) => {
      expect(() => scene.Stream({ ConnectTimeout })).toThrow(TypeError);
    });
  });

  describe("after a failure", () => {
    test("ERROR stays until the disconnect; then the stream connects again", async () => {
      const port = await scene.DeadPort();
      const stream = scene.Stream();
      stream.ConnectToHost(home, port);
      await scene.UntilStatus(stream, Status.STATUS_ERROR);
      expect(stream.ConnectToHost(home, port)).toBe(SocketError.ALREADY_INIT);
      await scene.NewRun();
      expect(stream.GetStatus()).toBe(Status.STATUS_ERROR);
      stream.DisconnectFromHost();
      expect(stream.GetStatus()).toBe(Status.STATUS_NONE);
      expect(stream.Poll()).toBe(SocketError.SUCCESS);
      const server = await scene.FarServer();
      expect(stream.ConnectToHost(home, server.Port)).toBe(SocketError.SUCCESS);
      await scene.UntilStatus(stream, Status.STATUS_CONNECTED);
      expect(stream.GetLastError()).toBe(SocketError.SUCCESS);
      expect(stream.GetCloseReason()).toBe(CloseReason.NONE);
    });

    test("a stream beside it goes on", async () => {
      const { Stream, Far } = await scene.Pair();
      const failing = scene.Stream();
      failing.ConnectToHost(home, await scene.DeadPort());
      await scene.UntilStatus(failing, Status.STATUS_ERROR);
      Stream.PutU8(7);
      await scene.UntilHeard(Far, 1);
      expect(Stream.GetStatus()).toBe(Status.STATUS_CONNECTED);
    });
  });
}
