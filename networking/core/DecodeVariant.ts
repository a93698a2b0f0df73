/**
 * The bytes that Godot writes for a variant, back to the value. They come from the network, so
 * nothing in here throws, and nothing is allocated for what is announced but not there: a length
 * or count has to fit the bytes that are left, and nesting ends at `maxVariantDepth`.
 */
import { SocketError } from "./SocketError.ts";
import { DecodeUtf8 } from "./Utf8.ts";
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

/** A decoded variant. `Value` is null unless `Result` is SUCCESS, and for nil then too. */
export interface DecodedVariant {
  /** SUCCESS or PROTOCOL_ERROR. */
  readonly Result: SocketError;
  readonly Value: Variant;
}

/** The header alone, as nil has it. */
const leastVariantBytes = 4;

/** The top bit of a container's count once meant "shared"; Godot's readers ignore it. */
const sharedMask = 0x7fff_ffff;

/**
 * Any bytes may be given. A type outside `Variant`, a length or count beyond the bytes, bytes left
 * over, and nesting deeper than `maxVariantDepth` are PROTOCOL_ERROR. Text that is not UTF-8 gets
 * U+FFFD; ints that a number cannot hold exactly are bigints; dictionaries are Maps.
 */
export function DecodeVariant(
  bytes: Uint8Array,
  format: VariantFormat = VariantFormat.GODOT_4,
): DecodedVariant {
  const value = new Decoder(VariantTypesOf(format), bytes).whole();
  if (value === undefined) return { Result: SocketError.PROTOCOL_ERROR, Value: null };
  return { Result: SocketError.SUCCESS, Value: value };
}

/** Every method gives undefined for bytes that say something impossible. */
class Decoder {
  readonly #types: VariantTypeNumbers;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(types: VariantTypeNumbers, bytes: Uint8Array) {
    this.#types = types;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  whole(): Variant | undefined {
    const value = this.#value(0);
    return this.#left() === 0 ? value : undefined;
  }

  #value(depth: number): Variant | undefined {
    const header = this.#u32();
    if (header === undefined || depth > maxVariantDepth) return undefined;
    const wide = (header & variantWideFlag) !== 0;
    switch (header & 0xff) {
      case VariantType.NIL:
        return null;
      case VariantType.BOOL:
        return this.#bool();
      case VariantType.INT:
        return wide ? this.#wideInteger() : this.#integer();
      case VariantType.FLOAT:
        return this.#real(wide);
      case VariantType.STRING:
        return this.#string();
      case VariantType.VECTOR2:
        return this.#vector2(wide);
      case this.#types.VECTOR3:
        return this.#vector3(wide);
      case this.#types.COLOR:
        return this.#color(wide);
      case this.#types.DICTIONARY:
        return this.#dictionary(header, depth);
      case this.#types.ARRAY:
        return this.#array(header, depth);
      case this.#types.BYTES:
        return this.#block()?.slice();
      default:
        return undefined;
    }
  }

  #bool(): boolean | undefined {
    const value = this.#u32();
    return value === undefined ? undefined : value !== 0;
  }

  #integer(): number | undefined {
    return this.#left() < 4 ? undefined : this.#view.getInt32(this.#skip(4), true);
  }

  #wideInteger(): number | bigint | undefined {
    if (this.#left() < 8) return undefined;
    const value = this.#view.getBigInt64(this.#skip(8), true);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  #real(wide: boolean): number | undefined {
    if (this.#left() < (wide ? 8 : 4)) return undefined;
    return wide
      ? this.#view.getFloat64(this.#skip(8), true)
      : this.#view.getFloat32(this.#skip(4), true);
  }

  #string(): string | undefined {
    const bytes = this.#block();
    return bytes === undefined ? undefined : DecodeUtf8(bytes);
  }

  #vector2(wide: boolean): Vector2 | undefined {
    const x = this.#real(wide);
    const y = this.#real(wide);
    return x === undefined || y === undefined ? undefined : new Vector2(x, y);
  }

  #vector3(wide: boolean): Vector3 | undefined {
    const x = this.#real(wide);
    const y = this.#real(wide);
    const z = this.#real(wide);
    if (x === undefined || y === undefined || z === undefined) return undefined;
    return new Vector3(x, y, z);
  }

  #color(wide: boolean): Color | undefined {
    const r = this.#real(wide);
    const g = this.#real(wide);
    const b = this.#real(wide);
    const a = this.#real(wide);
    if (r === undefined || g === undefined || b === undefined || a === undefined) return undefined;
    return new Color(r, g, b, a);
  }

  #array(header: number, depth: number): Variant | undefined {
    if (!this.#elementType(header >> 16)) return undefined;
    const count = this.#count(leastVariantBytes);
    if (count === undefined) return undefined;
    const items: Variant[] = [];
    for (let i = 0; i < count; i++) {
      const item = this.#value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return items;
  }

  #dictionary(header: number, depth: number): Variant | undefined {
    if (!this.#elementType(header >> 16) || !this.#elementType(header >> 18)) return undefined;
    const count = this.#count(2 * leastVariantBytes);
    if (count === undefined) return undefined;
    const entries = new Map<Variant, Variant>();
    for (let i = 0; i < count; i++) {
      const key = this.#value(depth + 1);
      const item = key === undefined ? undefined : this.#value(depth + 1);
      if (key === undefined || item === undefined) return undefined;
      entries.set(key, item);
    }
    return entries;
  }

  /**
   * Godot 4 marks a typed container with two bits: 0 untyped, 1 a built-in type whose number
   * follows, 2 and 3 classes and scripts, which hold objects. The elements carry their own types
   * in any case.
   */
  #elementType(flags: number): boolean {
    const kind = flags & 3;
    return kind === 0 || (kind === 1 && this.#u32() !== undefined);
  }

  /** A container's count, if that many elements of at least `leastBytes` can still follow. */
  #count(leastBytes: number): number | undefined {
    const count = this.#u32();
    if (count === undefined) return undefined;
    const elements = count & sharedMask;
    return elements * leastBytes <= this.#left() ? elements : undefined;
  }

  /** Length, that many bytes as a view, and their padding. */
  #block(): Uint8Array | undefined {
    const length = this.#u32();
    if (length === undefined || length + VariantPadding(length) > this.#left()) return undefined;
    const at = this.#skip(length + VariantPadding(length));
    return this.#bytes.subarray(at, at + length);
  }

  #u32(): number | undefined {
    return this.#left() < 4 ? undefined : this.#view.getUint32(this.#skip(4), true);
  }

  #left(): number {
    return this.#bytes.length - this.#at;
  }

  #skip(count: number): number {
    const at = this.#at;
    this.#at += count;
    return at;
  }
}
