/**
 * A real HAProxy or nginx in front of a bridge, with the settings that the documentation gives:
 * ports, files and seconds are replaced, everything else is the file as it is. The program is on
 * the PATH; else, as root where there is apt-get, it is installed. When both fail the tests fail
 * with one sentence that says what to install. Nothing is skipped.
 */
import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Certificates } from "../Support/Certificates.ts";
import { GetPackage } from "../Support/Programs.ts";
import { WaitFor } from "../Support/WaitFor.ts";

const deploy = new URL("../../networking/bridge/deploy/", import.meta.url);
/** What a timeout of 75 s becomes, so that idling takes seconds. */
export const IdleTimeoutMs = 2_500;

export type ProxyName = "haproxy" | "nginx";
const packages = { haproxy: "haproxy", nginx: "nginx-light" } as const;

export interface Bridged {
  readonly Port: number;
  readonly MetricsPort: number;
}

export class Proxy {
  readonly Port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #said = "";
  #over = false;

  private constructor(port: number, folder: string, command: string, args: readonly string[]) {
    this.Port = port;
    this.#folder = folder;
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on("data", (text: Buffer) => (this.#said += text.toString()));
    }
    this.#child.on("close", () => (this.#over = true));
  }

  /** Runs it until `Stop`. */
  static async Start(name: ProxyName, bridge: Bridged): Promise<Proxy> {
    requireProgram(name);
    const folder = mkdtempSync(join(tmpdir(), `moonwire-${name}-`));
    const port = await freePort();
    const args = name === "haproxy" ? haproxy(folder, port, bridge) : nginx(folder, port, bridge);
    const proxy = new Proxy(port, folder, name, args);
    await proxy.#waitListening();
    return proxy;
  }

  async Stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    await WaitFor(() => this.#over, "the proxy's end");
    rmSync(this.#folder, { recursive: true });
  }

  async #waitListening(): Promise<void> {
    let answers = false;
    const ask = (): void => {
      const socket = connect(this.Port, "127.0.0.1", () => {
        answers = true;
        socket.destroy();
      });
      socket.on("error", () => {
        if (!this.#over) ask();
      });
    };
    ask();
    await WaitFor(() => answers || this.#over, "the proxy to listen");
    if (!answers) throw new Error(`The proxy ended: ${this.#said}`);
  }
}

function haproxy(folder: string, port: number, bridge: Bridged): string[] {
  const { Server } = Certificates();
  const pem = join(folder, "game.pem");
  writeFileSync(pem, Server.Certificate + Server.PrivateKey);
  const config = documented("haproxy.cfg", [
    [":443", `127.0.0.1:${port}`],
    ["/etc/haproxy/game.pem", pem],
    ["timeout tunnel 75s", `timeout tunnel ${IdleTimeoutMs}ms`],
    ["127.0.0.1:7420", `127.0.0.1:${bridge.Port}`],
    ["port 7421", `port ${bridge.MetricsPort}`],
    ["inter 1s", "inter 100ms"],
  ]);
  const path = join(folder, "haproxy.cfg");
  writeFileSync(path, config);
  return ["-db", "-f", path];
}

function nginx(folder: string, port: number, bridge: Bridged): string[] {
  const { Server } = Certificates();
  const config = documented("nginx.conf", [
    ["listen 443", `listen 127.0.0.1:${port}`],
    ["/etc/nginx/game.crt", Server.CertificateFile],
    ["/etc/nginx/game.key", Server.PrivateKeyFile],
    ["proxy_read_timeout 75s", `proxy_read_timeout ${IdleTimeoutMs}ms`],
    ["127.0.0.1:7420", `127.0.0.1:${bridge.Port}`],
  ]);
  const path = join(folder, "nginx.conf");
  // What a distribution's own nginx.conf has around it.
  const around = `daemon off; pid ${folder}/pid; error_log stderr; events {}`;
  writeFileSync(path, `${around}\nhttp {\naccess_log off;\n${config}\n}\n`);
  return ["-p", folder, "-c", path];
}

/** The documented settings with some texts replaced, each of which has to be there. */
function documented(file: string, replaced: readonly (readonly [string, string])[]): string {
  let text = readFileSync(new URL(file, deploy), "utf8");
  for (const [from, to] of replaced) {
    if (!text.includes(from)) throw new Error(`${file} has no "${from}" to replace.`);
    text = text.replaceAll(from, to);
  }
  return text;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await WaitFor(() => server.listening, "a free port");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function requireProgram(name: ProxyName): void {
  if (runs(name)) return;
  GetPackage("a proxy", packages[name]);
  if (runs(name)) return;
  throw new Error(
    `The tests behind proxies need ${name}: install Debian's package with ` +
      `\`apt-get install ${packages[name]}\`, so that it is on the PATH.`,
  );
}

function runs(name: ProxyName): boolean {
  return spawnSync(name, ["-v"], { stdio: "ignore" }).status === 0;
}
