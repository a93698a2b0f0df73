/**
 * The flags of TLS, and what they make: with them the commands that can speak TLS do. A file that
 * cannot be read, or is not what its flag says, is a bad argument.
 */
import { Option } from "commander";
import type { Command } from "commander";
import type { TLSOptions } from "../core/TLSOptions.ts";
import { EasySocketError } from "../toolkit/Errors.ts";
import type { TlsClientFiles, TlsServerFiles } from "../toolkit/TlsFiles.ts";
import { ClientTls, ServerTls } from "../toolkit/TlsFiles.ts";

/** Whom a server asks for a certificate. */
export const ServerTrustFlags: readonly Option[] = [
  new Option("--cafile <path>", "PEM authorities that vouch for clients"),
  new Option("--require-client-cert", "refuse clients without a certificate (mutual TLS)"),
];

/** TLS for a server that also does without. */
export const ServerTlsFlags: readonly Option[] = [
  new Option("--certfile <path>", "PEM certificate of this server: TLS only"),
  new Option("--keyfile <path>", "its PEM key"),
  ...ServerTrustFlags,
];

/** Whom a client trusts, and what it shows. */
export const ClientTlsFlags: readonly Option[] = [
  new Option("--cafile <path>", "PEM authorities to trust, when not the system's"),
  new Option("--certfile <path>", "PEM certificate of this client (mutual TLS)"),
  new Option("--keyfile <path>", "its PEM key"),
  new Option("--no-verify", "take any certificate: whoever is in between can read along"),
];

/** What the flags of a server that also does without TLS say. */
export type ServerTlsChoice = Partial<TlsServerFiles>;

export function AddFlags(command: Command, flags: readonly Option[]): Command {
  for (const flag of flags) command.addOption(flag);
  return command;
}

export function ReadServerTls(files: TlsServerFiles, command: Command): Promise<TLSOptions> {
  return orBadArgument(ServerTls(files, undefined), command);
}

/** @returns nothing when no flag asks for TLS */
export async function ReadServerTlsChoice(
  files: ServerTlsChoice,
  command: Command,
): Promise<{ readonly tls?: TLSOptions }> {
  const { certfile, keyfile, cafile, requireClientCert } = files;
  if ((certfile ?? keyfile ?? cafile ?? requireClientCert) === undefined) return {};
  if (certfile === undefined || keyfile === undefined) {
    return command.error("TLS needs --certfile and --keyfile.", { exitCode: 2 });
  }
  return { tls: await ReadServerTls({ ...files, certfile, keyfile }, command) };
}

export function ReadClientTls(files: TlsClientFiles, command: Command): Promise<TLSOptions> {
  return orBadArgument(ClientTls(files, undefined), command);
}

async function orBadArgument(reading: Promise<TLSOptions>, command: Command): Promise<TLSOptions> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof EasySocketError)) throw error;
    return command.error(error.message, { exitCode: 2 });
  }
}
