import { mkdir, mkdtemp, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FileTransferError } from "../../../networking/toolkit/Errors.ts";
import type { OnExisting } from "../../../networking/toolkit/FileStore.ts";
import { FileStore } from "../../../networking/toolkit/FileStore.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "moonwire-store-"))));
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

function create(name: string, size: number, onExisting: OnExisting): Promise<FileStore> {
  const offer = { Name: name, Size: size, Digest: null };
  return FileStore.Create(folder, offer, { OnExisting: onExisting, Resumable: true });
}

async function store(name: string, content: string, onExisting: OnExisting): Promise<string> {
  const file = await create(name, content.length, onExisting);
  await file.Write(bytes(content));
  return file.Commit();
}

describe("the final name", () => {
  test("appears with all bytes under it, and nothing else stays", async () => {
    const file = await create("level.json", 6, "refuse");
    await file.Write(bytes("one"));
    await file.Write(bytes("two"));
    const during = await readdir(folder);
    expect(during).toEqual([expect.stringMatching(/^\.moonwire-[0-9a-f-]{36}\.part$/)]);
    expect(await file.Commit()).toBe("level.json");
    expect(await readdir(folder)).toEqual(["level.json"]);
    expect(await text("level.json")).toBe("onetwo");
  });

  test("never appears after Discard, which may come twice", async () => {
    const file = await create("level.json", 3, "replace");
    await file.Write(bytes("one"));
    await file.Discard();
    await file.Discard();
    expect(await readdir(folder)).toEqual([]);
    await expect(file.Write(bytes("two"))).rejects.toThrow(FileTransferError);
  });

  test("Discard after Commit leaves the file", async () => {
    const file = await create("a", 0, "refuse");
    await file.Commit();
    await file.Discard();
    expect(await readdir(folder)).toEqual(["a"]);
  });
});

describe("a name that is taken", () => {
  beforeEach(() => writeFile(join(folder, "a.txt"), "old"));

  test("is refused before a byte is written", async () => {
    const created = create("a.txt", 3, "refuse");
    await expect(created).rejects.toThrow('There is a "a.txt" already.');
    expect(await readdir(folder)).toEqual(["a.txt"]);
  });

  test("meanwhile is refused at the end, and the first stays", async () => {
    const late = await create("b.txt", 4, "refuse");
    await late.Write(bytes("late"));
    await store("b.txt", "first", "refuse");
    await expect(late.Commit()).rejects.toThrow(FileTransferError);
    expect(await text("b.txt")).toBe("first");
    expect(await readdir(folder)).toHaveLength(2);
  });

  test("is replaced when that is asked for", async () => {
    expect(await store("a.txt", "new", "replace")).toBe("a.txt");
    expect(await text("a.txt")).toBe("new");
  });

  test("gets the next number when that is asked for", async () => {
    expect(await store("a.txt", "1", "number")).toBe("a (1).txt");
    expect(await store("a.txt", "2", "number")).toBe("a (2).txt");
    expect(await store("b.txt", "3", "number")).toBe("b.txt");
    expect(await text("a.txt")).toBe("old");
  });

  test("and as long as can be still gets a number", async () => {
    for (const name of ["x".repeat(255), `${"ü".repeat(125)}.json`, `a.${"y".repeat(253)}`]) {
      await store(name, "1", "number");
      const second = await store(name, "2", "number");
      expect(second).not.toBe(name);
      expect(Buffer.byteLength(second)).toBeLessThanOrEqual(255);
    }
  });

  test("by many at once gives each its own", async () => {
    const names = await Promise.all(
      Array.from({ length: 10 }, (_, i) => store("c.txt", String(i), "number")),
    );
    expect(new Set(names).size).toBe(10);
    expect(await readdir(folder)).toHaveLength(11);
  });
});

describe("a symbolic link at the name", () => {
  let outside = "";
  beforeEach(async () => {
    await mkdir(join(folder, "outside"));
    outside = join("outside", "secret");
    await writeFile(join(folder, outside), "secret");
    await symlink(outside, join(folder, "link"));
    await symlink("nowhere", join(folder, "dangling"));
  });

  test.each(["link", "dangling"])("is a name that is taken (%s)", async (name) => {
    await expect(store(name, "x", "refuse")).rejects.toThrow("already");
    expect(await store(name, "x", "number")).toBe(`${name} (1)`);
    expect(await text(outside)).toBe("secret");
  });

  test("is replaced itself, not followed", async () => {
    await store("link", "new", "replace");
    expect([await text("link"), await text(outside)]).toEqual(["new", "secret"]);
    await store("dangling", "new", "replace");
    await expect(stat(join(folder, "nowhere"))).rejects.toThrow("ENOENT");
  });
});

describe("what the disk refuses is a FileTransferError with a cause, without a path", () => {
  test.each([
    ["a folder that is gone", "gone", "a", 1, "refuse", "it is not there"],
    ["a folder in place of the file", ".", "folder", 1, "replace", "it is a folder"],
    ["more than there is room for", ".", "a", 2 ** 52, "refuse", "no room"],
  ] as const)("%s", async (_name, where, name, size, onExisting, sentence) => {
    await mkdir(join(folder, "folder"));
    const storing = async (): Promise<string> => {
      const offer = { Name: name, Size: size, Digest: null };
      const options = { OnExisting: onExisting, Resumable: false };
      const file = await FileStore.Create(join(folder, where), offer, options);
      return file.Commit();
    };
    const error = await storing().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FileTransferError);
    const { message, cause } = error as FileTransferError;
    expect(message).toContain(sentence);
    expect(message).not.toContain(folder);
    expect(cause).toBeInstanceOf(Error);
    expect(await readdir(folder)).toEqual(["folder"]);
  });
});
