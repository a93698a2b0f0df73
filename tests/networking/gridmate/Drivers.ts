/**
 * Drivers for a test, on the in-process network or on real sockets: one server and its clients,
 * each with a diary, ticked together.
 */
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import type { DriverAddress } from "../../../networking/gridmate/DriverAddress.ts";
import { FamilyType, ResultCode, ResultCodeName } from "../../../networking/gridmate/ResultCode.ts";
import { StreamSocketDriver } from "../../../networking/gridmate/StreamSocketDriver.ts";
import { Diary } from "./Diary.ts";

/** Where drivers run. */
export interface DriverPlace {
  readonly ServerBackend: NetBackend;
  readonly ClientBackend: NetBackend;
  /** The server's address, as clients see it. */
  readonly ServerIp: string;
  /** Lets a tick's time pass. */
  Pass(): Promise<void>;
  /** A driver of the place's kind; plain unless it says otherwise. */
  readonly Make?: (
    isServer: boolean,
    sizes: DriverArguments,
    backend: NetBackend,
  ) => StreamSocketDriver;
}

/** maxConnections, maxPacketSize, inboundBufferSize, outboundBufferSize */
export type DriverArguments = readonly [number?, number?, number?, number?];

/** One of the drivers of a test. */
export interface Party {
  readonly Driver: StreamSocketDriver;
  readonly Diary: Diary;
}

const ceilingMs = 15_000;

export class Drivers {
  readonly Place: DriverPlace;
  readonly #parties: Party[] = [];

  constructor(place: DriverPlace) {
    this.Place = place;
  }

  /** A driver that listens at a port of the system's choice. */
  Server(sizes: DriverArguments = [], backlog = 64): Party {
    const party = this.#make(true, sizes);
    Ok(party.Driver.StartListen(backlog));
    return party;
  }

  /** A driver that is at home everywhere, with one connection unless said otherwise. */
  Client(sizes: DriverArguments = [1]): Party {
    return this.#make(false, sizes);
  }

  /** Where clients find a driver that listens. */
  AddressOf(server: Party): DriverAddress {
    return Address(server.Driver, `${this.Place.ServerIp}|${server.Driver.GetPort()}`);
  }

  /** A client that is connected to the server, and its address as the server sees it. */
  async Join(
    server: Party,
    sizes: DriverArguments = [1],
  ): Promise<Party & { readonly Seen: DriverAddress }> {
    const client = this.Client(sizes);
    const known = new Set(server.Diary.Connected);
    Ok(client.Driver.ConnectTo(this.AddressOf(server)));
    const newcomer = (): DriverAddress | undefined =>
      [...server.Diary.Connected].find((address) => !known.has(address));
    await this.Until(
      () => newcomer() !== undefined && client.Driver.GetNumberOfConnections() === 1,
      "a client to be connected",
    );
    return { ...client, Seen: newcomer()! };
  }

  Update(): void {
    for (const { Driver } of this.#parties) Driver.Update();
  }

  async Tick(count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      await this.Place.Pass();
      this.Update();
    }
  }

  /** Ticks until the condition holds. */
  async Until(holds: () => boolean, what: string): Promise<void> {
    const end = performance.now() + ceilingMs;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`Waited ${ceilingMs} ms in vain for ${what}.`);
      await this.Tick();
    }
  }

  /** Destroys all; every event must have had its counterpart. */
  End(): void {
    for (const { Driver, Diary } of this.#parties.splice(0)) {
      Driver.Destroy();
      Diary.BusDisconnect();
      const left = [...Diary.Connected].map((address) => `${address} was not disconnected`);
      const mistakes = [...Diary.Mistakes, ...left];
      if (mistakes.length > 0) throw new Error(mistakes.join("; "));
    }
  }

  #make(isServer: boolean, sizes: DriverArguments): Party {
    const { Make, ServerBackend, ClientBackend } = this.Place;
    const backend = isServer ? ServerBackend : ClientBackend;
    const driver = Make?.(isServer, sizes, backend) ?? PlainDriver(isServer, sizes, backend);
    const party = { Driver: driver, Diary: new Diary(driver) };
    this.#parties.push(party);
    return party;
  }
}

/** An initialised plain driver. */
export function PlainDriver(
  isServer: boolean,
  sizes: DriverArguments,
  backend: NetBackend,
): StreamSocketDriver {
  const [connections, packet, inbound, outbound] = sizes;
  const driver = new StreamSocketDriver(connections, packet, inbound, outbound, {
    Backend: backend,
  });
  const isReal = backend.Name === "node";
  Ok(driver.Initialize(FamilyType.BSD_AF_INET, isServer && isReal ? "127.0.0.1" : null, 0));
  return driver;
}

/** For a call that a test only needs to have worked. */
export function Ok(code: ResultCode): void {
  if (code !== ResultCode.EC_OK) throw new Error(`A call gave ${ResultCodeName(code)}.`);
}

/** An address that must be one. */
export function Address(driver: StreamSocketDriver, text: string): DriverAddress {
  const address = driver.CreateDriverAddress(text);
  if (address === null) throw new Error(`${text} is no address.`);
  return address;
}

/** The next packet as a copy, which must be there. */
export function ReceiveOne(driver: StreamSocketDriver): { From: DriverAddress; Data: Uint8Array } {
  const buffer = new Uint8Array(65_535);
  const { Result, Size, From } = driver.Receive(buffer);
  Ok(Result);
  if (From === null || Size === 0) throw new Error("There was no packet.");
  return { From, Data: buffer.slice(0, Size) };
}

/** All packets that are there, as texts. */
export function ReceiveTexts(driver: StreamSocketDriver): string[] {
  const texts: string[] = [];
  const buffer = new Uint8Array(65_535);
  for (;;) {
    const { Result, Size } = driver.Receive(buffer);
    Ok(Result);
    if (Size === 0) return texts;
    texts.push(Buffer.from(buffer.subarray(0, Size)).toString("latin1"));
  }
}

export function Bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "latin1"));
}
