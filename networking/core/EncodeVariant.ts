/**
 * Variants to the bytes that Godot writes for the same values. Called with the script's own data,
 * so what cannot be encoded throws; limits are 64 levels of nesting and 256 MiB.
 */
import { Limits } from "./Limits.ts";
import { EncodeUtf8Into, maxUtf8BytesPerUnit } from "./Utf8.ts";
import {
  Color,
  maxVariantDepth,
  VariantFormat,
  VariantPadding,
  VariantType,
  VariantTypesOf,
  variantWideFlag,
  Vector2,
  Vector3,
} from "./Variant.ts";
import type { Variant, VariantTypeNumbers } from "./Variant.ts";

/**
 * @param lead bytes to leave free in front of the variant, for a length.
 * @returns `lead` bytes and the variant. Throws TypeError for a value that is no variant,
 *   RangeError for one that is nested too deeply (or in itself), too large, or a bigint of more
 *   than 64 bits.
 */
export function EncodeVariant(
  value: Variant,
  format: VariantFormat = VariantFormat.GODOT_4,
  lead = 0,
): Uint8Array<ArrayBuffer> {
  const encoder = new Encoder(VariantTypesOf(format), lead);
  encoder.put(value, 0);
  return encoder.bytes();
}

class Encoder {
  readonly #types: VariantTypeNumbers;
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length: number;

  constructor(types: VariantTypeNumbers, lead: number) {
    this.#types = types;
    this.#length = lead;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  put(value: Variant, depth: number): void {
    if (depth > maxVariantDepth) {
      throw new RangeError(`Nest at most ${maxVariantDepth} arrays and dictionaries.`);
    }
    if (value === null) this.#u32(VariantType.NIL);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#string(value);
    else if (typeof value === "object") this.#object(value, depth);
    else if (typeof value === "boolean") {
      this.#u32(VariantType.BOOL);
      this.#u32(value ? 1 : 0);
    } else if (typeof value === "bigint") this.#wideInteger(value);
    else throw new TypeError(`A ${typeof value} is no variant; pass null or a value.`);
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
      if ((value | 0) !== value) return this.#wideInteger(BigInt(value));
      this.#u32(VariantType.INT);
      return this.#u32(value);
    }
    // Godot, too, writes 4 bytes when they say the same as 8.
    const wide = Math.fround(value) !== value;
    this.#u32(wide ? VariantType.FLOAT | variantWideFlag : VariantType.FLOAT);
    const at = this.#reserve(wide ? 8 : 4);
    if (wide) this.#view.setFloat64(at, value, true);
    else this.#view.setFloat32(at, value, true);
  }

  #wideInteger(value: bigint): void {
    if (BigInt.asIntN(64, value) !== value) {
      throw new RangeError("Pass a bigint in -2^63..2^63-1; a variant's int has 64 bits.");
    }
    this.#u32(VariantType.INT | variantWideFlag);
    const at = this.#reserve(8);
    this.#view.setBigInt64(at, value, true);
  }

  #string(text: string): void {
    this.#u32(VariantType.STRING);
    const at = this.#reserve(4 + text.length * maxUtf8BytesPerUnit);
    const written = EncodeUtf8Into(text, this.#bytes.subarray(at + 4, this.#length));
    this.#view.setUint32(at, written, true);
    this.#length = at + 4 + written;
    this.#pad(written);
  }

  #object(value: Variant & object, depth: number): void {
    if (value instanceof Uint8Array) this.#byteArray(value);
    else if (value instanceof Vector2) this.#reals(VariantType.VECTOR2, value.X, value.Y);
    else if (value instanceof Vector3) {
      this.#reals(this.#types.VECTOR3, value.X, value.Y, value.Z);
    } else if (value instanceof Color) {
      this.#reals(this.#types.COLOR, value.R, value.G, value.B, value.A);
    } else if (Array.isArray(value)) {
      this.#u32(this.#types.ARRAY);
      this.#u32(value.length);
      for (const item of value as readonly Variant[]) this.put(item, depth + 1);
    } else if (value instanceof Map) {
      this.#dictionary([...(value as ReadonlyMap<Variant, Variant>)], depth);
    } else if (isPlain(value)) {
      this.#dictionary(Object.entries(value), depth);
    } else {
      throw new TypeError(
        "Pass a plain object, Map, array, Uint8Array, Vector2, Vector3 or Color.",
      );
    }
  }

  #dictionary(entries: readonly (readonly [Variant, Variant])[], depth: number): void {
    this.#u32(this.#types.DICTIONARY);
    this.#u32(entries.length);
    for (const [key, item] of entries) {
      this.put(key, depth + 1);
      this.put(item, depth + 1);
    }
  }

  #byteArray(data: Uint8Array): void {
    this.#u32(this.#types.BYTES);
    this.#u32(data.length);
    const at = this.#reserve(data.length);
    this.#bytes.set(data, at);
    this.#pad(data.length);
  }

  #reals(type: number, ...values: number[]): void {
    this.#u32(type);
    for (const value of values) {
      const at = this.#reserve(4);
      this.#view.setFloat32(at, value, true);
    }
  }

  #u32(value: number): void {
    const at = this.#reserve(4);
    this.#view.setUint32(at, value, true);
  }

  /** Old content may lie there, so the zeros are written. */
  #pad(length: number): void {
    const at = this.#reserve(VariantPadding(length));
    this.#bytes.fill(0, at, this.#length);
  }

  /**
   * Makes room for `count` more bytes, perhaps in another array: call it before `#bytes` or
   * `#view` are looked at.
   * @returns where they start.
   */
  #reserve(count: number): number {
    const at = this.#length;
    const needed = at + count;
    if (needed > this.#bytes.length) {
      if (needed > Limits.maxBufferBytes)
        throw new RangeError("A variant is at most 256 MiB long.");
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = needed;
    return at;
  }
}

function isPlain(value: object): value is { readonly [key: string]: Variant } {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
