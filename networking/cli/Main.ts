#!/usr/bin/env node
/** The `moonwire` command. Each sub-command has a file of its own. */
import { Command, CommanderError } from "commander";
import { BridgeCommand } from "./Bridge.ts";

const program = new Command("moonwire")
  .description("TCP for game loops: the bridge for pages.")
  // One sentence is enough: no guesses after it.
  .showSuggestionAfterError(false)
  .exitOverride();
program.addCommand(BridgeCommand().copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong; asking for help is no error.
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
