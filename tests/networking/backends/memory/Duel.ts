/**
 * Two ends of one connection, played by chance: random links, faults and calls. What a single call
 * may do is checked by Watched; what both ends may know of each other, by the properties.
 */
import fc from "fast-check";
import type { FaultKind } from "../../../../networking/backends/memory/RandomFaults.ts";
import { RandomFaults, RandomLink } from "../../../../networking/backends/memory/RandomFaults.ts";
import { Status } from "../../../../networking/core/Status.ts";
import type { TCPServer } from "../../../../networking/core/TCPServer.ts";
import { Watched } from "./Watched.ts";
import { Succeed, World, port } from "./World.ts";

const ringBytes = 512;
const rings = {
  InboundBufferSize: ringBytes,
  OutboundBufferSize: ringBytes,
  ConnectTimeout: 2_000,
};
/** Faults come in this time; afterwards all is well but for what was cut. */
const faultsMs = 3_000;
const serverAddress = "10.0.0.2";

const calls = ["PutSome", "PutAll", "GetSome", "GetAll", "PutBlocking", "GetBlocking"] as const;
const ends = ["Finish", "Disconnect", "Abort"] as const;

interface Step {
  readonly op: (typeof calls)[number] | (typeof ends)[number] | "tick";
  readonly byClient: boolean;
  readonly count: number;
}

export interface DuelCase {
  readonly seed: number;
  readonly faults: readonly FaultKind[];
  readonly steps: readonly Step[];
  readonly byName: boolean;
  /** Milliseconds before the first step; enough, as a rule, for the connection to stand. */
  readonly headStartMs: number;
}

/** Faults that slow down, and lose nothing. */
const slowing: readonly FaultKind[] = ["stall", "slowNames"];
const losing: readonly FaultKind[] = [
  ...slowing,
  ...(["refuse", "silence", "unreachable", "failNames", "reset", "cut"] as const),
];

const step: fc.Arbitrary<Step> = fc.record({
  op: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...calls) },
    { weight: 10, arbitrary: fc.constant("tick" as const) },
    { weight: 1, arbitrary: fc.constantFrom(...ends) },
  ),
  byClient: fc.boolean(),
  count: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3 * ringBytes })),
});

export const DuelCases: fc.Arbitrary<DuelCase> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  faults: fc.constantFrom(losing, slowing, []),
  steps: fc.array(step, { maxLength: 80, size: "large" }),
  byName: fc.boolean(),
  headStartMs: fc.constantFrom(0, 1_000, 1_000),
});

export class Duel {
  readonly World: World;
  readonly Client: Watched;
  Server: Watched | null = null;
  readonly #listener: TCPServer;
  readonly #case: DuelCase;

  constructor(one: DuelCase) {
    const world = new World({ Seed: one.seed, TraceLines: 1_000 });
    world.Client.SetLink(RandomLink(one.seed + 1));
    world.Server.SetLink(RandomLink(one.seed + 2));
    const faults = { DurationMs: faultsMs, Kinds: one.faults, Addresses: [serverAddress] };
    world.Network.Plan(RandomFaults(one.seed + 3, faults));
    const stream = world.Stream(rings);
    this.World = world;
    this.#case = one;
    this.#listener = world.Listening(rings);
    const host = one.byName ? "server" : serverAddress;
    Succeed(stream.ConnectToHost(host, port));
    this.Client = new Watched(stream, this.#watch(Status.STATUS_CONNECTING));
  }

  /** Plays the steps; then both read on until nothing comes any more. */
  Play(): this {
    this.World.Network.Advance(this.#case.headStartMs);
    this.#look();
    for (const { op, byClient, count } of this.#case.steps) {
      const who = byClient ? this.Client : this.Server;
      if (op === "tick") this.World.Network.Advance(count);
      else if (op === "PutBlocking" || op === "GetBlocking") who?.[op](count, count / 4);
      else who?.[op](count);
      this.#look();
    }
    this.#readOn();
    this.#listener.Stop();
    return this;
  }

  /** Both leave, and time passes until the last packet has gone. */
  End(): void {
    this.Client.Disconnect();
    this.Server?.Disconnect();
    this.Client.Poll();
    this.Server?.Poll();
    this.World.ExpectGivenBack();
  }

  #readOn(): void {
    let received = -1;
    for (let quiet = 0; quiet < 40; quiet++) {
      this.World.Network.Advance(100);
      this.#look();
      this.Client.GetSome(ringBytes);
      this.Server?.GetSome(ringBytes);
      const now = this.Client.Received + (this.Server?.Received ?? 0);
      if (now !== received) quiet = 0;
      received = now;
    }
    this.#look();
  }

  #look(): void {
    const taken = this.#listener.TakeConnection();
    if (taken !== null) this.Server = new Watched(taken, this.#watch(Status.STATUS_CONNECTED));
    this.Client.Poll();
    this.Server?.Poll();
  }

  #watch(status: Status): { Status: Status; RingBytes: number; Now: () => number } {
    return { Status: status, RingBytes: ringBytes, Now: () => this.World.Network.Now() };
  }
}
