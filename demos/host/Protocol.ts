/**
 * What a host and its guests say to each other, one message a packet: a kind u8, then the fields
 * below, in the little-endian of StreamPeer. What does not decode is null.
 */
import { StreamPeerBuffer } from "moonwire/networking";
import { CleanName, maxNameBytes } from "../arena/PilotName.ts";
import { Rules } from "./Rules.ts";
import type { Moth, Scene, Spark, Steer } from "./Rules.ts";

/** Another number means that the two do not understand each other. */
const version = 1;

const Kind = Object.freeze({ JOIN: 1, STEER: 2, WELCOME: 3, NAMES: 4, SCENE: 5, FULL: 6 } as const);

export type GuestMessage =
  /** {version u8, name str} */
  | { readonly Kind: "join"; readonly Name: string }
  /** {x i8, y i8, dash u8}: the direction in 127ths. */
  | { readonly Kind: "steer"; readonly Steer: Steer };

export type HostMessage =
  /** {moth u8} */
  | { readonly Kind: "welcome"; readonly Id: number }
  /** {count u8, each: moth u8, name str} */
  | { readonly Kind: "names"; readonly Names: ReadonlyMap<number, string> }
  /** {tick u32, winner u8, moths, sparks}; places in units, speeds in units per second, i16. */
  | { readonly Kind: "scene"; readonly Scene: Scene }
  | { readonly Kind: "full" };

const steps = 127;

export function EncodeJoin(name: string): Uint8Array {
  const out = begin(Kind.JOIN);
  out.PutU8(version);
  out.PutUtf8String(name);
  return out.GetDataArray();
}

export function EncodeSteer({ X, Y, Dash }: Steer): Uint8Array {
  const out = begin(Kind.STEER);
  for (const part of [X, Y]) out.Put8(Math.round(Math.max(-1, Math.min(1, part)) * steps));
  out.PutU8(Dash ? 1 : 0);
  return out.GetDataArray();
}

export function EncodeWelcome(id: number): Uint8Array {
  const out = begin(Kind.WELCOME);
  out.PutU8(id);
  return out.GetDataArray();
}

export function EncodeFull(): Uint8Array {
  return begin(Kind.FULL).GetDataArray();
}

export function EncodeNames(names: ReadonlyMap<number, string>): Uint8Array {
  const out = begin(Kind.NAMES);
  out.PutU8(names.size);
  for (const [id, name] of names) {
    out.PutU8(id);
    out.PutUtf8String(name);
  }
  return out.GetDataArray();
}

export function EncodeScene({ Tick, Winner, Moths, Sparks }: Scene): Uint8Array {
  const out = begin(Kind.SCENE);
  out.PutU32(Tick);
  out.PutU8(Winner);
  out.PutU8(Moths.length);
  for (const moth of Moths) {
    out.PutU8(moth.Id);
    for (const part of [moth.X, moth.Y, moth.VelocityX, moth.VelocityY]) {
      out.Put16(Math.round(part));
    }
    for (const part of [moth.Score, moth.Rest, moth.Safe]) out.PutU8(Math.min(part, 255));
  }
  out.PutU8(Sparks.length);
  for (const { X, Y } of Sparks) {
    out.Put16(Math.round(X));
    out.Put16(Math.round(Y));
  }
  return out.GetDataArray();
}

export function DecodeGuest(packet: Uint8Array): GuestMessage | null {
  const from = new StreamPeerBuffer();
  from.SetDataArray(packet);
  switch (from.GetU8() ?? 0) {
    case Kind.JOIN: {
      const known = from.GetU8() === version;
      const name = from.GetUtf8String(-1, maxNameBytes);
      return known && name !== null ? { Kind: "join", Name: CleanName(name) } : null;
    }
    case Kind.STEER: {
      const [x, y, dash] = [from.Get8(), from.Get8(), from.GetU8()];
      if (x === null || y === null || dash === null) return null;
      return { Kind: "steer", Steer: { X: x / steps, Y: y / steps, Dash: dash !== 0 } };
    }
    default:
      return null;
  }
}

export function DecodeHost(packet: Uint8Array): HostMessage | null {
  const from = new StreamPeerBuffer();
  from.SetDataArray(packet);
  switch (from.GetU8() ?? 0) {
    case Kind.WELCOME: {
      const id = from.GetU8();
      return id === null ? null : { Kind: "welcome", Id: id };
    }
    case Kind.NAMES:
      return decodeNames(from);
    case Kind.SCENE:
      return decodeScene(from);
    case Kind.FULL:
      return { Kind: "full" };
    default:
      return null;
  }
}

function decodeNames(from: StreamPeerBuffer): HostMessage | null {
  const names = new Map<number, string>();
  for (let left = from.GetU8() ?? 0; left > 0; left--) {
    const [id, name] = [from.GetU8(), from.GetUtf8String(-1, maxNameBytes)];
    if (id === null || name === null) return null;
    names.set(id, name);
  }
  return { Kind: "names", Names: names };
}

function decodeScene(from: StreamPeerBuffer): HostMessage | null {
  const fields = new Fields(from);
  const [Tick, Winner] = [fields.Take(from.GetU32()), fields.Take(from.GetU8())];
  const Moths: Moth[] = [];
  for (let left = fields.Count(Rules.maxMoths); left > 0; left--) {
    Moths.push({
      Id: fields.Take(from.GetU8()),
      X: fields.Take(from.Get16()),
      Y: fields.Take(from.Get16()),
      VelocityX: fields.Take(from.Get16()),
      VelocityY: fields.Take(from.Get16()),
      Score: fields.Take(from.GetU8()),
      Rest: fields.Take(from.GetU8()),
      Safe: fields.Take(from.GetU8()),
    });
  }
  const Sparks: Spark[] = [];
  for (let left = fields.Count(Rules.maxSparks); left > 0; left--) {
    Sparks.push({ X: fields.Take(from.Get16()), Y: fields.Take(from.Get16()) });
  }
  return fields.Whole ? { Kind: "scene", Scene: { Tick, Winner, Moths, Sparks } } : null;
}

/** Notes whether one of many fields was missing, so that it is asked once. */
class Fields {
  Whole = true;
  readonly #from: StreamPeerBuffer;

  constructor(from: StreamPeerBuffer) {
    this.#from = from;
  }

  Take(value: number | null): number {
    if (value === null) this.Whole = false;
    return value ?? 0;
  }

  /** A count that may not be above `most`. */
  Count(most: number): number {
    const count = this.Take(this.#from.GetU8());
    if (count > most) this.Whole = false;
    return this.Whole ? count : 0;
  }
}

function begin(kind: number): StreamPeerBuffer {
  const out = new StreamPeerBuffer();
  out.PutU8(kind);
  return out;
}
