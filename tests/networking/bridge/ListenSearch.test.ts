import { describe, expect, test } from "vitest";
import { NodeBackend } from "../../../networking/backends/node/NodeBackend.ts";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import { ListenSearch } from "../../../networking/bridge/ListenSearch.ts";
import type { BackendListener, NetBackend } from "../../../networking/core/NetBackend.ts";
import { ListenerPhase } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";

const network = UseNetwork();

/** One backend answers at once, the other later. */
const backends: readonly (readonly [string, () => NetBackend])[] = [
  ["that waits", () => network.Backend],
  ["on this thread", () => new NodeBackend({ OwnThread: false })],
];

function takenPort(): number {
  return network.Listening().GetLocalPort();
}

async function result(
  backend: NetBackend,
  ports: readonly [number, number],
  tries = 128,
): Promise<BackendListener | SocketError> {
  const ends: (BackendListener | SocketError)[] = [];
  const limits = { ...BridgeLimits, listenTries: tries };
  const place = { Host: "127.0.0.1", Ports: ports };
  const search = new ListenSearch(backend, limits, place, 8, (end) => ends.push(end));
  network.Ending(() => search.Cancel());
  await WaitFor(() => ends.length > 0, "the search's end");
  const [end] = ends;
  if (typeof end === "object") network.Ending(() => end.Close());
  expect(ends).toHaveLength(1);
  return end!;
}

describe.each(backends)("a search with a backend %s", (_name, backend) => {
  test("ends with a listener that listens", async () => {
    const listener = (await result(backend(), [0, 0])) as BackendListener;
    expect(listener.Phase()).toBe(ListenerPhase.LISTENING);
    expect(listener.Local()?.Port).toBeGreaterThan(0);
  });

  test("goes on from a port in use to the next", async () => {
    const taken = takenPort();
    const listener = (await result(backend(), [
      taken,
      Math.min(taken + 200, 65_535),
    ])) as BackendListener;
    expect(listener.Local()?.Port).toBeGreaterThan(taken);
  });

  test("gives the last code after so many tries", async () => {
    const taken = takenPort();
    expect(await result(backend(), [taken, taken])).toBe(SocketError.ADDRESS_IN_USE);
    expect(await result(backend(), [taken, 65_535], 1)).toBe(SocketError.ADDRESS_IN_USE);
  });
});

test("cancelled, it holds nothing and says nothing", async () => {
  const backend = new NodeBackend({ OwnThread: false });
  let said = false;
  const place = { Host: "127.0.0.1", Ports: [0, 0] as const };
  const search = new ListenSearch(backend, BridgeLimits, place, 8, () => (said = true));
  search.Cancel();
  await WaitFor(() => backend.HeldCount() === 0, "nothing held");
  expect(said).toBe(false);
});
