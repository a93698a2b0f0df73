#!/usr/bin/env node
/**
 * The `moonwire` command; each sub-command has a file of its own. Exit codes: 0 done (or ended by
 * SIGINT or SIGTERM, in order), 1 the network or the system said no, 2 the arguments are wrong.
 */
import { Command, CommanderError } from "commander";
import { BridgeCommand } from "./Bridge.ts";
import { NewCommand } from "./New.ts";
import { ReadOwnPackage } from "./OwnPackage.ts";
import { Report } from "./Report.ts";

const program = new Command("moonwire")
  .description("TCP for game loops: a new game, the bridge for pages, servers and clients to try.")
  .version(ReadOwnPackage().version)
  // One sentence is enough: no guesses after it.
  .showSuggestionAfterError(false)
  .exitOverride();
for (const command of [NewCommand(), BridgeCommand()]) {
  program.addCommand(command.copyInheritedSettings(program).option("--verbose", "show stacks"));
}

// Whoever read our output has enough of it, as in `moonwire ... | head -1`.
process.stdout.on("error", () => process.exit(1));
try {
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong; asking for help is no error.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    Report(error, process.argv.includes("--verbose"));
    process.exitCode = 1;
  }
}
