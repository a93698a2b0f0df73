/**
 * Finds the real Godot that these tests hold Moonwire against, or gets it: `godot3-server`
 * (Godot 3.2.3 without a display, as Debian packs it) on the PATH; else, as root where there is
 * apt-get, it is installed. When both fail the tests fail with one sentence that says what to
 * install. Nothing is skipped.
 */
import { FindProgram, GetPackage } from "../Support/Programs.ts";

const program = "godot3-server";

/** The path of a Godot that can be run. Installs one if there is none. */
export function GodotPath(): string {
  const found = FindProgram(program);
  if (found !== null) return found;
  GetPackage("a Godot", program);
  const installed = FindProgram(program);
  if (installed !== null) return installed;
  throw new Error(
    `The Godot tests need ${program} (Godot 3.2.3): install Debian's package of that name with ` +
      `\`apt-get install ${program}\`, so that it is on the PATH.`,
  );
}
