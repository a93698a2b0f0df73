/**
 * The matchers of vitest's `expect` that the contract suite uses, for a page. What is not here is
 * no method, so a case that calls it fails; what cannot be compared throws and says so.
 */

type Class = abstract new (...args: never[]) => unknown;

export class Expectation {
  readonly #actual: unknown;
  readonly #wanted: boolean;

  constructor(actual: unknown, wanted = true) {
    this.#actual = actual;
    this.#wanted = wanted;
  }

  get not(): Expectation {
    return new Expectation(this.#actual, !this.#wanted);
  }

  toBe(expected: unknown): void {
    this.#check(Object.is(this.#actual, expected), "be", expected);
  }

  toBeNull(): void {
    this.#check(this.#actual === null, "be", null);
  }

  toEqual(expected: unknown): void {
    this.#check(areEqual(this.#actual, expected), "equal", expected);
  }

  /** Of the actual object only what the expected one has too. */
  toMatchObject(expected: object): void {
    const actual = this.#actual as Record<string, unknown>;
    const matches = Object.entries(expected).every(
      ([key, value]) => key in actual && areEqual(actual[key], value),
    );
    this.#check(matches, "match", expected);
  }

  toBeGreaterThan(bound: number): void {
    this.#check(this.#number() > bound, "be above", bound);
  }

  toBeGreaterThanOrEqual(bound: number): void {
    this.#check(this.#number() >= bound, "be at least", bound);
  }

  toBeLessThan(bound: number): void {
    this.#check(this.#number() < bound, "be below", bound);
  }

  toBeLessThanOrEqual(bound: number): void {
    this.#check(this.#number() <= bound, "be at most", bound);
  }

  toContain(item: unknown): void {
    this.#check(contains(this.#actual, item), "contain", item);
  }

  toHaveLength(length: number): void {
    this.#check((this.#actual as ArrayLike<unknown>).length === length, "have length", length);
  }

  toThrow(kind: Class): void {
    this.#check(thrownBy(this.#actual as () => unknown) instanceof kind, "throw", kind.name);
  }

  #number(): number {
    if (typeof this.#actual === "number") return this.#actual;
    throw new TypeError(`Only numbers can be compared, not ${show(this.#actual)}.`);
  }

  #check(holds: boolean, verb: string, expected: unknown): void {
    if (holds === this.#wanted) return;
    const not = this.#wanted ? "" : "not ";
    throw new Error(`expected ${show(this.#actual)} ${not}to ${verb} ${show(expected)}`);
  }
}

function contains(whole: unknown, item: unknown): boolean {
  if (Array.isArray(whole)) return whole.includes(item);
  if (typeof whole === "string" && typeof item === "string") return whole.includes(item);
  throw new TypeError("The page's toContain is for arrays and texts.");
}

function thrownBy(act: () => unknown): unknown {
  try {
    act();
    return null;
  } catch (error) {
    return error;
  }
}

/** As `toEqual` has it: a member that is undefined is as good as none. */
function areEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (isList(a) && isList(b)) {
    return a.length === b.length && Array.from(a).every((item, i) => areEqual(item, b[i]));
  }
  const [mine, theirs] = [members(a), members(b)];
  const all = [...mine.keys(), ...theirs.keys()];
  return all.every((key) => areEqual(mine.get(key), theirs.get(key)));
}

function isList(value: object): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/** Own enumerable ones. An object with none of them keeps its state where nobody can look. */
function members(value: object): ReadonlyMap<unknown, unknown> {
  if (value instanceof Map) return value;
  const entries = Object.entries(value);
  if (entries.length > 0 || Object.getPrototypeOf(value) === Object.prototype) {
    return new Map(entries);
  }
  throw new TypeError(`The page's expect cannot compare a ${value.constructor.name}.`);
}

function show(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map) return `Map ${show([...value])}`;
  if (typeof value === "number" || value === undefined) return String(value);
  return typeof value === "function" ? "a function" : JSON.stringify(value);
}
