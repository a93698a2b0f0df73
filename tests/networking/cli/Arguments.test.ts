import { Command, InvalidArgumentError } from "commander";
import { expect, test } from "vitest";
import {
  ParseCount,
  ParseListenPort,
  ParsePort,
  RequireFile,
  RequireFolder,
} from "../../../networking/cli/Arguments.ts";

test.each([
  ["1", 1],
  ["8080", 8_080],
  ["65535", 65_535],
])("%s is a port", (text, port) => {
  expect([ParsePort(text), ParseListenPort(text)]).toEqual([port, port]);
});

test.each(["65536", "http", "", "-1", "+80", "80.5", "0x50", " 80", "8e1", "99999999999999999"])(
  "%j is none",
  (text) => {
    expect(() => ParsePort(text)).toThrow(InvalidArgumentError);
    expect(() => ParseListenPort(text)).toThrow(InvalidArgumentError);
  },
);

test("0 is a port to listen at only", () => {
  expect(ParseListenPort("0")).toBe(0);
  expect(() => ParsePort("0")).toThrow("A port is a number from 1 to 65535.");
});

test.each(["0", "-5", "1.5", "many"])("%j is no count", (text) => {
  expect(ParseCount("10")).toBe(10);
  expect(() => ParseCount(text)).toThrow(InvalidArgumentError);
});

test("a file is no folder, a folder no file, and nothing is neither", () => {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  RequireFile("package.json", command);
  RequireFolder("networking", command);
  const bad = expect.objectContaining({ exitCode: 2 }) as Error;
  for (const path of ["networking", "gone"]) {
    expect(() => RequireFile(path, command)).toThrow(bad);
  }
  for (const path of ["package.json", "gone"]) {
    expect(() => RequireFolder(path, command)).toThrow(bad);
  }
});
