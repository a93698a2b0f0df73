/**
 * SiblingNames: the names of one parent's children, each of which is there once.
 *
 * A taken name gets the next free number, as in Godot: a second "Bullet" becomes "Bullet2", a
 * second "Lane7" becomes "Lane8". Thousands of equal names stay cheap because the last number per
 * name is remembered; at most `maxHints` of these hints are kept, and losing them costs time only.
 */

const maxHints = 256;
const trailingNumber = /^(.*?)([1-9]\d{0,8})?$/s;

/** @throws {TypeError} if the text cannot be a node's name */
export function CheckNodeName(name: unknown): asserts name is string {
  if (typeof name !== "string")
    throw new TypeError(`A node's name is a string, not ${typeof name}.`);
  if (name === "" || name === "." || name === ".." || name.includes("/")) {
    throw new TypeError(`"${name}" cannot name a node: not "", ".", ".." or anything with "/".`);
  }
}

export class SiblingNames<Child> {
  readonly #byName = new Map<string, Child>();
  readonly #lastNumber = new Map<string, number>();

  Get(name: string): Child | undefined {
    return this.#byName.get(name);
  }

  /**
   * Registers a child.
   * @returns the name that it really has: `wanted`, or `wanted` with the next free number
   */
  Claim(wanted: string, child: Child): string {
    const name = this.#byName.has(wanted) ? this.#nextFree(wanted) : wanted;
    this.#byName.set(name, child);
    return name;
  }

  Release(name: string): void {
    this.#byName.delete(name);
    if (this.#byName.size === 0) this.#lastNumber.clear();
  }

  #nextFree(taken: string): string {
    const [, stem = taken, digits] = trailingNumber.exec(taken) ?? [];
    let number = Math.max(Number(digits ?? 1), this.#lastNumber.get(stem) ?? 0) + 1;
    while (this.#byName.has(`${stem}${number}`)) number++;
    if (this.#lastNumber.size >= maxHints) this.#lastNumber.clear();
    this.#lastNumber.set(stem, number);
    return `${stem}${number}`;
  }
}
