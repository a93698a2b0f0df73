/**
 * Random traffic between a server and its clients: each end sends a list of packets in bursts and
 * receives what has come, as chance wants it. Every byte is checked, in order, for every peer.
 */
import { expect } from "vitest";
import { Random } from "../../../networking/backends/memory/Random.ts";
import type { DriverAddress } from "../../../networking/gridmate/DriverAddress.ts";
import { ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import { Ok } from "./Drivers.ts";
import type { Drivers, Party } from "./Drivers.ts";

export interface TrafficPlan {
  readonly Seed: number;
  readonly Clients: number;
  /** Packets of each end. */
  readonly Packets: number;
  /** The longest packet, up to 65,535. */
  readonly MostBytes: number;
}

/** One direction: what was decided to be sent, how far that is, and how far the receiver is. */
class Lane {
  readonly #lengths: readonly number[];
  readonly #salt: number;
  #sent = 0;
  #received = 0;
  /** How often there was no room. */
  Refusals = 0;

  constructor(random: Random, { Packets, MostBytes }: TrafficPlan) {
    this.#salt = random.Integer(0, 250);
    this.#lengths = Array.from({ length: Packets }, () => {
      const kind = random.Integer(0, 19);
      if (kind === 0) return MostBytes;
      if (kind < 4) return 1;
      return random.Integer(1, Math.min(MostBytes, kind < 16 ? 300 : 5_000));
    });
  }

  /** Sends up to `count` packets, as far as there is room. */
  Send(from: Party, to: DriverAddress, count: number): void {
    for (let i = 0; i < count && this.#sent < this.#lengths.length; i++) {
      const code = from.Driver.Send(to, this.#packet(this.#sent));
      if (code === ResultCode.EC_SEND) {
        this.Refusals++;
        return;
      }
      Ok(code);
      this.#sent++;
    }
  }

  Check(data: Uint8Array): void {
    const number = this.#received++;
    const isRight = number < this.#sent && Buffer.compare(data, this.#packet(number)) === 0;
    if (!isRight) throw new Error(`Packet ${number} is not what was sent.`);
  }

  IsDone(): boolean {
    return this.#received === this.#lengths.length;
  }

  #packet(number: number): Uint8Array {
    const data = new Uint8Array(this.#lengths[number]!);
    const start = this.#salt + number * 31;
    for (let i = 0; i < data.length; i++) data[i] = (start + i * 7 + (i >> 8)) & 0xff;
    return data;
  }
}

interface Member {
  readonly party: Party;
  readonly seen: DriverAddress;
  readonly up: Lane;
  readonly down: Lane;
}

/** Plays it to its end. @returns how often a Send found no room. */
export async function PlayTraffic(
  drivers: Drivers,
  server: Party,
  clientSizes: readonly [number, number, number, number],
  plan: TrafficPlan,
): Promise<number> {
  const random = new Random(plan.Seed);
  const address = drivers.AddressOf(server);
  const members: Member[] = [];
  for (let i = 0; i < plan.Clients; i++) {
    const { Seen, ...party } = await drivers.Join(server, clientSizes);
    const [up, down] = [new Lane(random, plan), new Lane(random, plan)];
    members.push({ party, seen: Seen, up, down });
  }
  const bySeen = new Map(members.map((member) => [member.seen, member]));
  const buffer = new Uint8Array(65_535);

  const receive = (
    { Driver }: Party,
    count: number,
    laneOf: (from: DriverAddress) => Lane,
  ): void => {
    for (let i = 0; i < count; i++) {
      const { Result, Size, From } = Driver.Receive(buffer);
      expect(Result).toBe(ResultCode.EC_OK);
      if (From === null) return;
      laneOf(From).Check(buffer.subarray(0, Size));
    }
  };
  const isOver = (): boolean => members.every(({ up, down }) => up.IsDone() && down.IsDone());
  await drivers.Until(() => {
    for (const { party, seen, up, down } of members) {
      if (random.Integer(0, 2) > 0) up.Send(party, address, random.Pick([1, 5, 100]));
      if (random.Integer(0, 2) > 0) down.Send(server, seen, random.Pick([1, 5, 100]));
      if (random.Integer(0, 3) > 0) receive(party, random.Pick([1, 1_000]), () => down);
    }
    const many = random.Pick([1, 1_000]);
    if (random.Integer(0, 3) > 0) receive(server, many, (from) => bySeen.get(from)!.up);
    return isOver();
  }, `the end of the traffic of seed ${plan.Seed}`);
  expect(server.Driver.GetNumberOfConnections()).toBe(plan.Clients);
  return members.reduce((sum, { up, down }) => sum + up.Refusals + down.Refusals, 0);
}

/** 32 clients of a server that has room for 4: each is heard, and then let go for the next. */
export async function TakeTurns(
  all: Drivers,
): Promise<{ readonly server: Party; readonly clients: readonly Party[] }> {
  const server = all.Server([4], 64);
  const address = all.AddressOf(server);
  const clients = Array.from({ length: 32 }, () => all.Client([1]));
  clients.forEach(({ Driver }, i) => {
    Ok(Driver.ConnectTo(address));
    Ok(Driver.Send(address, Uint8Array.of(i)));
  });
  const heard = new Set<number>();
  const buffer = new Uint8Array(1);
  await all.Until(() => {
    expect(server.Driver.GetNumberOfConnections()).toBeLessThanOrEqual(4);
    const { Result, From } = server.Driver.Receive(buffer);
    expect(Result).toBe(ResultCode.EC_OK);
    if (From !== null) {
      heard.add(buffer[0]!);
      Ok(server.Driver.DisconnectFrom(From));
    }
    return heard.size === 32;
  }, "all to be heard");
  expect(server.Diary.CountEstablished()).toBe(32);
  return { server, clients };
}
