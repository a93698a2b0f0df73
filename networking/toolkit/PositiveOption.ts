/** Options that are a number: milliseconds, bytes, or a count. Infinity means no limit. */

type NumberNames<T> = {
  [K in keyof T]-?: T[K] extends number | undefined ? K : never;
}[keyof T] &
  string;

/**
 * The option, or its default.
 * @throws TypeError when it is not a number above 0
 */
export function PositiveOption<T>(options: T, name: NumberNames<T>, otherwise: number): number {
  const value: unknown = options[name] ?? otherwise;
  if (typeof value === "number" && value > 0) return value;
  throw new TypeError(`The option ${name} is a number above 0, or Infinity.`);
}

/**
 * As `PositiveOption`, where 0 means at once.
 * @throws TypeError when it is not a number of 0 or more
 */
export function DelayOption<T>(options: T, name: NumberNames<T>, otherwise: number): number {
  const value: unknown = options[name] ?? otherwise;
  if (typeof value === "number" && value >= 0) return value;
  throw new TypeError(`The option ${name} is 0 or a number above it, or Infinity.`);
}
