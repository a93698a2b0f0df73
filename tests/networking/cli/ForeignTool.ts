/**
 * Finds a program that the command line is tried against, or gets it: on the PATH; else, as root
 * where there is apt-get, it is installed. When both fail the test fails with one sentence.
 */
import { FindProgram, GetPackage } from "../../Support/Programs.ts";

/** @param debianPackage the one that has it. */
export function RequireTool(program: string, debianPackage: string): void {
  if (FindProgram(program) !== null) return;
  GetPackage(program, debianPackage);
  if (FindProgram(program) !== null) return;
  throw new Error(`This test needs ${program}: install Debian's package ${debianPackage}.`);
}
