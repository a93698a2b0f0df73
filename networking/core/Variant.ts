/**
 * What a variant may be: the value types of Godot that scripts put into messages, and what its
 * binary encoding is made of ("Binary serialization API" in Godot's documentation, 3.5 and 4).
 * `EncodeVariant` turns them into bytes, `DecodeVariant` turns bytes into them.
 *
 *     header u32: type in bits 0..7, flags from bit 16;  the value, little-endian, padded to 4
 */

/** Which Godot is on the other side; they number the types differently. */
export const VariantFormat = Object.freeze({ GODOT_3: 3, GODOT_4: 4 } as const);
export type VariantFormat = (typeof VariantFormat)[keyof typeof VariantFormat];

/** Godot's Vector2: single precision on the wire. */
export class Vector2 {
  X: number;
  Y: number;
  constructor(x = 0, y = 0) {
    this.X = x;
    this.Y = y;
  }
}

/** Godot's Vector3: single precision on the wire. */
export class Vector3 {
  X: number;
  Y: number;
  Z: number;
  constructor(x = 0, y = 0, z = 0) {
    this.X = x;
    this.Y = y;
    this.Z = z;
  }
}

/** Godot's Color: components usually in 0..1, single precision on the wire. */
export class Color {
  R: number;
  G: number;
  B: number;
  A: number;
  constructor(r = 0, g = 0, b = 0, a = 1) {
    this.R = r;
    this.G = g;
    this.B = b;
    this.A = a;
  }
}

/**
 * What can be sent. Numbers that are safe integers travel as int, others as float; a bigint is
 * always a 64-bit int. Dictionaries may be plain objects, and are received as Maps.
 */
export type Variant =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Vector2
  | Vector3
  | Color
  | readonly Variant[]
  | ReadonlyMap<Variant, Variant>
  | { readonly [key: string]: Variant };

/** Type numbers that Godot 3 and 4 share. */
export const VariantType = Object.freeze({
  NIL: 0,
  BOOL: 1,
  INT: 2,
  FLOAT: 3,
  STRING: 4,
  VECTOR2: 5,
} as const);

/** Type numbers that differ. */
export interface VariantTypeNumbers {
  readonly VECTOR3: number;
  readonly COLOR: number;
  readonly DICTIONARY: number;
  readonly ARRAY: number;
  readonly BYTES: number;
}

const godot3 = Object.freeze({ VECTOR3: 7, COLOR: 14, DICTIONARY: 18, ARRAY: 19, BYTES: 20 });
const godot4 = Object.freeze({ VECTOR3: 9, COLOR: 20, DICTIONARY: 27, ARRAY: 28, BYTES: 29 });

/** Throws TypeError for what is no `VariantFormat`. */
export function VariantTypesOf(format: VariantFormat): VariantTypeNumbers {
  if (format === VariantFormat.GODOT_4) return godot4;
  if (format === VariantFormat.GODOT_3) return godot3;
  throw new TypeError("Pass VariantFormat.GODOT_3 or VariantFormat.GODOT_4.");
}

/** On int and float: 8 bytes instead of 4. On vectors and colours: a double-precision build. */
export const variantWideFlag = 1 << 16;

/** A value may stand inside this many arrays and dictionaries. */
export const maxVariantDepth = 64;

/** Zeros that follow `length` bytes of text or byte array. */
export function VariantPadding(length: number): number {
  return -length & 3;
}
