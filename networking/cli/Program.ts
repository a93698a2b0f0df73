/**
 * The `moonwire` command; each sub-command has a file of its own. Exit codes: 0 done (or ended by
 * SIGINT or SIGTERM, in order), 1 the network or the system said no, 2 the arguments are wrong.
 */
import { Command, CommanderError } from "commander";
import { SocketError } from "../core/SocketError.ts";
import { EasySocketError } from "../toolkit/Errors.ts";
import { BridgeCommand } from "./Bridge.ts";
import { NewCommand } from "./New.ts";
import { ReadOwnPackage } from "./OwnPackage.ts";
import { Report } from "./Report.ts";
import { RunFileServerCommand } from "./RunFileServer.ts";
import { RunSslTcpServerCommand } from "./RunSslTcpServer.ts";
import { RunTcpServerCommand } from "./RunTcpServer.ts";
import { SendFileCommand } from "./SendFile.ts";
import { SendSslTcpCommand } from "./SendSslTcp.ts";
import { SendTcpCommand } from "./SendTcp.ts";
import { TicketCommand } from "./Ticket.ts";

const program = new Command("moonwire")
  .description("TCP for game loops: a new game, the bridge for pages, servers and clients to try.")
  .version(ReadOwnPackage().version)
  // One sentence is enough: no guesses after it.
  .showSuggestionAfterError(false)
  .exitOverride();
const commands = [
  NewCommand(),
  BridgeCommand(),
  TicketCommand(),
  RunTcpServerCommand(),
  SendTcpCommand(),
  RunSslTcpServerCommand(),
  SendSslTcpCommand(),
  RunFileServerCommand(),
  SendFileCommand(),
];
for (const command of commands) {
  command.copyInheritedSettings(program).option("--verbose", "show the stack of a failure");
  program.addCommand(command);
}

// Whoever read our output has enough of it, as in `moonwire ... | head -1`.
process.stdout.on("error", () => process.exit(1));
try {
  await program.parseAsync();
} catch (error) {
  // Commander has said what is wrong; asking for help is no error.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    Report(
      error,
      commands.some((command) => command.opts().verbose === true),
    );
    process.exitCode = isArgumentMistake(error) ? 2 : 1;
  }
}

/** What no parser saw: an address that is none, a name that no file may have. */
function isArgumentMistake(error: unknown): boolean {
  if (!(error instanceof EasySocketError)) return error instanceof TypeError;
  const { INVALID_IP_ADDRESS, INVALID_PARAMETER } = SocketError;
  return error.Code === INVALID_IP_ADDRESS || error.Code === INVALID_PARAMETER;
}
