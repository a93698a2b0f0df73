#!/usr/bin/env node
/**
 * The `moonwire` command's first lines: a bridge hears signals before the rest, which takes most of
 * a second to load, is there. Everything else is in Program.ts.
 */
import { Signals } from "./EarlySignals.ts";

if (process.argv[2] === "bridge") Signals.Hear();
await import("./Program.ts");
