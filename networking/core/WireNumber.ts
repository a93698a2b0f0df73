/**
 * Numbers as typed puts take them: range checks with a sentence, and the half floats that DataView
 * does not have before Node.js 24. A wrong argument is the script's mistake, so it throws.
 */

/**
 * @returns `value`. Throws TypeError for no number, RangeError for no integer in `least..most`.
 */
export function WireInteger(value: number, least: number, most: number): number {
  if (typeof value !== "number") throw new TypeError(`Pass a number, not a ${typeof value}.`);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new RangeError(`Pass an integer in ${least}..${most}, not ${value}.`);
  }
  return value;
}

/** @returns `value`. Throws TypeError for no bigint, RangeError outside `least..most`. */
export function WireBigInt(value: bigint, least: bigint, most: bigint): bigint {
  if (typeof value !== "bigint") {
    throw new TypeError(`Pass a bigint such as 5n to a 64-bit put, not a ${typeof value}.`);
  }
  if (value < least || value > most) {
    throw new RangeError(`Pass a bigint in ${least}..${most}, not ${value}.`);
  }
  return value;
}

/** @returns `value`, NaN and infinities included. Throws TypeError for no number. */
export function WireReal(value: number): number {
  if (typeof value !== "number") throw new TypeError(`Pass a number, not a ${typeof value}.`);
  return value;
}

/** The binary16 bits nearest to `value`, ties to even; from 65520 on an infinity (IEEE 754). */
export function HalfToBits(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65_520) return sign | 0x7c00;
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  // Dividing by the last place is exact, and doubles from 2^52 on have no fraction, so the sum is
  // rounded to even. A carry out of the fraction lands in the exponent, where it belongs.
  const places = size / 2 ** (exponent - 10) + 2 ** 52 - 2 ** 52;
  return sign | (((exponent + 14) << 10) + places);
}

/** The number that binary16 bits stand for. @param bits 0..65535 */
export function BitsToHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
