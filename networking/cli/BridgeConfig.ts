/**
 * The settings of `moonwire bridge`: the defaults, over them a JSON file, over that the flags. The
 * file's names are the flags' in camelCase; one that is not known is a mistake, never passed over.
 */
import { readFileSync } from "node:fs";
import type { BridgeLimits } from "../bridge/BridgeLimits.ts";
import type { BridgeCertificate, BridgeServerOptions } from "../bridge/BridgeOptions.ts";

export interface BridgeConfig {
  readonly host: string;
  readonly port: number;
  readonly allow: readonly string[];
  readonly target: readonly string[];
  readonly origin: readonly string[];
  readonly ticketKeyFile: string | null;
  readonly trustedProxy: readonly string[];
  readonly listenPorts: string | null;
  readonly listenHost: string;
  readonly tlsCert: string | null;
  readonly tlsKey: string | null;
  readonly targetCa: string | null;
  readonly static: string | null;
  readonly metricsPort: number | null;
  readonly dev: boolean;
  readonly limits: Partial<BridgeLimits>;
}

export const DefaultConfig: BridgeConfig = Object.freeze({
  host: "127.0.0.1",
  port: 7420,
  allow: [],
  target: [],
  origin: [],
  ticketKeyFile: null,
  trustedProxy: [],
  listenPorts: null,
  listenHost: "127.0.0.1",
  tlsCert: null,
  tlsKey: null,
  targetCa: null,
  static: null,
  metricsPort: null,
  dev: false,
  limits: {},
});

type Kind = "a text" | "a port, 0 to 65535" | "a list of texts" | "true or false" | "an object";

const kinds: { readonly [K in keyof BridgeConfig]: Kind } = {
  host: "a text",
  port: "a port, 0 to 65535",
  allow: "a list of texts",
  target: "a list of texts",
  origin: "a list of texts",
  ticketKeyFile: "a text",
  trustedProxy: "a list of texts",
  listenPorts: "a text",
  listenHost: "a text",
  tlsCert: "a text",
  tlsKey: "a text",
  targetCa: "a text",
  static: "a text",
  metricsPort: "a port, 0 to 65535",
  dev: "true or false",
  limits: "an object",
};

/** A file that cannot be read, and one with a mistake in it: TypeError with a sentence. */
export function ReadConfig(path: string): Partial<BridgeConfig> {
  let settings: unknown;
  try {
    settings = JSON.parse(ReadFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw error;
    throw new TypeError(`${path} is no JSON: ${String(error)}`, { cause: error });
  }
  if (!isObject(settings)) throw new TypeError(`${path} holds no object of settings.`);
  for (const [name, value] of Object.entries(settings)) {
    if (!isSetting(name)) throw new TypeError(`${path}: "${name}" is no setting of the bridge.`);
    // null is what `--print-config` shows for a setting that is not set.
    if (value === null && DefaultConfig[name] === null) continue;
    if (!isOfKind(value, kinds[name])) {
      throw new TypeError(`${path}: "${name}" is ${kinds[name]}.`);
    }
  }
  return settings;
}

/** Reads the files that are named in it. One that cannot be read: TypeError. */
export function OptionsOf(config: BridgeConfig): BridgeServerOptions {
  const tls = ReadCertificate(config);
  return {
    Host: config.host,
    Port: config.port,
    Allow: config.allow,
    Targets: config.target,
    Origins: config.origin,
    TrustedProxies: config.trustedProxy,
    ListenHost: config.listenHost,
    Dev: config.dev,
    Limits: config.limits,
    ...(config.listenPorts === null ? {} : { ListenPorts: config.listenPorts }),
    ...(config.ticketKeyFile === null ? {} : { TicketKey: ReadFile(config.ticketKeyFile) }),
    ...(config.targetCa === null ? {} : { TargetAuthorities: ReadFile(config.targetCa) }),
    ...(tls === null ? {} : { Tls: tls }),
    ...(config.static === null ? {} : { Static: config.static }),
    ...(config.metricsPort === null ? {} : { MetricsPort: config.metricsPort }),
  };
}

/** @returns null without one. One without the other: TypeError. */
export function ReadCertificate({ tlsCert, tlsKey }: BridgeConfig): BridgeCertificate | null {
  if (tlsCert === null && tlsKey === null) return null;
  if (tlsCert === null || tlsKey === null) {
    throw new TypeError("A certificate needs its key, and a key its certificate.");
  }
  return { Certificate: ReadFile(tlsCert), Key: ReadFile(tlsKey) };
}

/** A file that cannot be read: TypeError that names it. */
export function ReadFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new TypeError(`The file ${path} cannot be read: ${code}.`, { cause: error });
  }
}

function isSetting(name: string): name is keyof BridgeConfig {
  return Object.hasOwn(kinds, name);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "a text":
      return typeof value === "string";
    case "a port, 0 to 65535":
      return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 65_535;
    case "a list of texts":
      return Array.isArray(value) && value.every((text) => typeof text === "string");
    case "true or false":
      return typeof value === "boolean";
    case "an object":
      return isObject(value);
  }
}
