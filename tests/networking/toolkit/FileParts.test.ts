import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileTransferError } from "../../../networking/toolkit/Errors.ts";
import { FileLimits } from "../../../networking/toolkit/FileLimits.ts";
import { ReleasePart, SweepParts, TakePart } from "../../../networking/toolkit/FileParts.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "moonwire-parts-"))));
afterEach(() => rm(folder, { recursive: true }));

const now = Date.UTC(2030, 0, 1);

async function write(name: string, ageMs: number): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, "");
  await utimes(path, new Date(now - ageMs), new Date(now - ageMs));
  return path;
}

describe("a path", () => {
  test("without a digest is one of its own", () => {
    const paths = [TakePart(folder, null), TakePart(folder, null)];
    expect(new Set(paths).size).toBe(2);
    paths.forEach(ReleasePart);
  });

  test("with a digest belongs to one transfer at a time", () => {
    const path = TakePart(folder, "ab");
    expect(() => TakePart(folder, "ab")).toThrow(FileTransferError);
    ReleasePart(TakePart(folder, "cd"));
    ReleasePart(path);
    expect(TakePart(folder, "ab")).toBe(path);
    ReleasePart(path);
  });
});

describe("sweeping", () => {
  const limit = FileLimits.partAgeMs;

  test.each([
    [limit - 1_000, true],
    [limit, true],
    [limit + 1_000, false],
  ])("what is %d ms old: stays %s", async (ageMs, stays) => {
    await write(".moonwire-a.part", ageMs);
    await SweepParts(folder, now);
    expect(await readdir(folder)).toEqual(stays ? [".moonwire-a.part"] : []);
  });

  test.each([-1, 0, 1])("of the limit %d: the oldest goes beyond it", async (more) => {
    const count = FileLimits.maxParts + more;
    for (let i = 0; i < count; i++) await write(`.moonwire-${i}.part`, i * 1_000);
    await SweepParts(folder, now);
    const left = await readdir(folder);
    expect(left).toHaveLength(Math.min(count, FileLimits.maxParts));
    expect(left.includes(`.moonwire-${count - 1}.part`)).toBe(more <= 0);
  });

  test("touches neither what is written now, nor other files, nor folders", async () => {
    const path = TakePart(folder, "ab");
    await writeFile(path, "");
    await utimes(path, 0, 0);
    await write("level.json", 2 * limit);
    await mkdir(join(folder, ".moonwire-folder"));
    await utimes(join(folder, ".moonwire-folder"), 0, 0);
    await SweepParts(folder, now);
    expect(await readdir(folder)).toHaveLength(3);
    ReleasePart(path);
  });
});
