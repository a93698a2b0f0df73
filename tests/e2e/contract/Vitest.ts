/**
 * What the contract suite gets for `vitest` in a page: its cases are collected under the names that
 * vitest gives them, and run one at a time by whoever looks at the page. No more than the suite
 * uses: what is missing fails the bundle or the case.
 */
import { Expectation } from "./Expect.ts";

type Body = (...row: readonly unknown[]) => unknown;
type Hook = () => unknown;
type Register = (name: string, body: Body) => void;

interface Case {
  /** With the names of all that is around it, as vitest prints it. */
  readonly Name: string;
  readonly Run: Hook;
}

const cases: Case[] = [];
const around: string[] = [];
const caseHooks: Hook[] = [];
const lastHooks: Hook[] = [];
const finishHooks: Hook[] = [];

function addGroup(name: string, body: Body): void {
  around.push(name);
  body();
  around.pop();
}

function addCase(name: string, body: Body): void {
  cases.push({ Name: [...around, name].join(" > "), Run: () => body() });
}

/** `add.each(rows)`: once for each row, whose values are the body's arguments. */
function each(add: Register): (rows: readonly unknown[]) => Register {
  return (rows) => (name, body) => {
    for (const row of rows) {
      const values: readonly unknown[] = Array.isArray(row) ? row : [row];
      add(title(name, values), () => body(...values));
    }
  };
}

export const describe = Object.assign(addGroup, { each: each(addGroup) });
export const test = Object.assign(addCase, { each: each(addCase) });
export const expect = (actual: unknown): Expectation => new Expectation(actual);

/** Only around all cases. */
export function afterEach(hook: Hook): void {
  if (around.length > 0) throw new Error("The page's afterEach is for the whole suite only.");
  caseHooks.push(hook);
}

/** Only around all cases. */
export function afterAll(hook: Hook): void {
  if (around.length > 0) throw new Error("The page's afterAll is for the whole suite only.");
  lastHooks.push(hook);
}

/** For the case that runs. */
export function onTestFinished(hook: Hook): void {
  finishHooks.push(hook);
}

/** Puts a method that keeps its results in front of the object's own. */
function spyOn<K extends string>(object: Record<K, Body>, name: K) {
  const results: { readonly value: unknown }[] = [];
  const original = object[name];
  const own = Object.getOwnPropertyDescriptor(object, name);
  const spy = (...row: readonly unknown[]): unknown => {
    const value = original.apply(object, [...row]);
    results.push({ value });
    return value;
  };
  Object.defineProperty(object, name, { value: spy, configurable: true, writable: true });
  const mockRestore = (): void => {
    if (own === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, own);
  };
  return { mock: { results }, mockRestore };
}

export const vi = { spyOn };

export function CaseNames(): string[] {
  return cases.map(({ Name }) => Name);
}

/** Runs one case and the hooks around it. @returns what went wrong, or "". */
export async function RunCase(index: number): Promise<string> {
  const found = cases[index];
  if (found === undefined) return `There is no case ${index}.`;
  const problems = [await problemOf(found.Run)];
  for (const hook of caseHooks) problems.push(await problemOf(hook));
  for (const hook of finishHooks.splice(0)) problems.push(await problemOf(hook));
  return problems.filter((problem) => problem !== "").join("\n");
}

/** After the last case. */
export async function EndCases(): Promise<void> {
  for (const hook of lastHooks) await hook();
}

async function problemOf(act: Hook): Promise<string> {
  try {
    await act();
    return "";
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** `%s`, `%d` and `%j` in turn, and `$Name` of a row that is an object. */
function title(template: string, values: readonly unknown[]): string {
  const rest = values.values();
  const formatted = template.replaceAll(/%([sdj])/g, (_all, kind: string) => {
    const { value } = rest.next();
    return kind === "j" ? JSON.stringify(value) : String(kind === "d" ? Number(value) : value);
  });
  const [first] = values;
  if (typeof first !== "object" || first === null) return formatted;
  const members = new Map<string, unknown>(Object.entries(first));
  return formatted.replaceAll(/\$(\w+)/g, (_all, key: string) => {
    const member = members.get(key);
    return typeof member === "string" ? `'${member}'` : String(member);
  });
}
