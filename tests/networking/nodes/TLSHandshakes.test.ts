import { expect, test } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { NetStatistics } from "../../../networking/core/NetStatistics.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import { TLSHandshakes } from "../../../networking/nodes/TLSHandshakes.ts";
import { Succeed, UseNetwork } from "../../Support/Network.ts";
import { PlainPair, ServerOptions, TrustingClient } from "../../Support/TlsPair.ts";
import { StreamPeerTLS } from "../../../networking/core/StreamPeerTLS.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

test("what a server cannot use is found before any client comes", () => {
  const check = (options: TLSOptions | null): SocketError =>
    TLSHandshakes.Check(options, network.Backend);
  expect(check(null)).toBe(SocketError.SUCCESS);
  expect(check(ServerOptions())).toBe(SocketError.SUCCESS);
  expect(check(TrustingClient())).toBe(SocketError.INVALID_PARAMETER);
  expect(check(TLSOptions.Server("moon", "moon"))).toBe(SocketError.TLS_CERTIFICATE_INVALID);
});

test("each ends once: done, failed, or refused at once", async () => {
  const ends: SocketError[] = [];
  const handshakes = new TLSHandshakes((_tls, failure) => ends.push(failure));
  const good = await PlainPair(network);
  const plain = await network.Pair();
  handshakes.Begin(good.Server, ServerOptions());
  handshakes.Begin(plain.Stream, ServerOptions());
  handshakes.Begin(network.Stream(), ServerOptions());
  expect([ends, handshakes.Count()]).toEqual([[SocketError.FAILED], 2]);
  expect(NetStatistics.Of(handshakes).Current).toBe(2);
  Succeed(new StreamPeerTLS().ConnectToStream(good.Client, "localhost", TrustingClient()));
  plain.Plain.Send("no TLS at all");
  await WaitFor(() => {
    handshakes.Poll();
    return ends.length === 3;
  }, "both ends");
  expect(ends.slice(1).toSorted((a, b) => a - b)).toEqual([
    SocketError.SUCCESS,
    SocketError.TLS_FAILED,
  ]);
  handshakes.Poll();
  expect([ends.length, handshakes.Count()]).toEqual([3, 0]);
});

test("an abort ends those under way without a word, and keeps what they counted", async () => {
  const ends: SocketError[] = [];
  const handshakes = new TLSHandshakes((_tls, failure) => ends.push(failure));
  const { Stream, Plain } = await network.Pair();
  handshakes.Begin(Stream, ServerOptions());
  const gone = new NetStatistics();
  handshakes.AbortAll(gone);
  expect([gone.Opened, gone.Closed]).toEqual([1, 1]);
  await WaitFor(() => Plain.Closed, "the reset");
  handshakes.Poll();
  expect([ends, handshakes.Count()]).toEqual([[], 0]);
});
