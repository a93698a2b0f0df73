/**
 * OpenSSL's own `s_client` and `s_server` as the other end, so that TLS is never tested against
 * Node's alone. Both say on their outputs what they agreed on; bytes go in and out as they are.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { WaitFor } from "./WaitFor.ts";

export class OpenSsl {
  /** null while it runs. */
  ExitCode: number | null = null;
  readonly #child: ChildProcess;
  #chunks: Buffer[] = [];
  #count = 0;
  #errors = "";

  constructor(args: readonly string[]) {
    this.#child = spawn("openssl", args);
    this.#child.stdout?.on("data", (bytes: Buffer) => {
      this.#chunks.push(bytes);
      this.#count += bytes.length;
    });
    this.#child.stderr?.on("data", (bytes: Buffer) => (this.#errors += bytes.toString()));
    this.#child.stdin?.on("error", () => undefined); // it ended first
    this.#child.on("close", (code) => (this.ExitCode = code ?? -1));
  }

  /** Everything on its standard output so far. */
  get Output(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] ?? Buffer.alloc(0);
  }

  /** Both outputs, as text. */
  Said(): string {
    return `${this.Output.toString("latin1")}\n${this.#errors}`;
  }

  Send(data: Uint8Array | string): void {
    this.#child.stdin?.write(data);
  }

  /** The end of its input: it says close_notify and ends. */
  Finish(): void {
    this.#child.stdin?.end();
  }

  /** Stops it in place: it neither reads nor answers, until `Thaw`. */
  Freeze(): void {
    this.#child.kill("SIGSTOP");
  }

  Thaw(): void {
    this.#child.kill("SIGCONT");
  }

  Stop(): void {
    this.#child.kill("SIGKILL");
  }

  WaitOutput(count: number): Promise<void> {
    return WaitFor(() => this.#count >= count, `${count} bytes from openssl`);
  }

  WaitSaid(what: string): Promise<void> {
    return WaitFor(() => this.Said().includes(what), `"${what}" of openssl`);
  }

  WaitExit(): Promise<void> {
    return WaitFor(() => this.ExitCode !== null, "the end of openssl");
  }
}

/** @param brief its standard output carries the peer's bytes alone. */
export function SClient(port: number, args: readonly string[], brief = true): OpenSsl {
  const quiet = brief ? ["-brief", "-nocommands"] : ["-nocommands"];
  return new OpenSsl(["s_client", "-connect", `127.0.0.1:${port}`, ...quiet, ...args]);
}

/** What stands before the first byte of the client's. */
const serverHeader = "Secure Renegotiation IS supported\n";

export class SServer extends OpenSsl {
  /** Set when it listens. */
  Port = 0;

  /** @param args its certificate and key, and whatever else. */
  static async Start(args: readonly string[]): Promise<SServer> {
    const server = new SServer(["s_server", "-accept", "127.0.0.1:0", ...args]);
    const bound = /^ACCEPT 127\.0\.0\.1:(\d+)$/m;
    await WaitFor(() => bound.test(server.Said()), "the port of openssl s_server");
    server.Port = Number(bound.exec(server.Said())?.[1]);
    return server;
  }

  WaitConnected(): Promise<void> {
    return this.WaitSaid(serverHeader);
  }

  /** The client's bytes so far, and a few words at its end. */
  Received(): Buffer {
    const { Output } = this;
    const at = Output.indexOf(serverHeader);
    return at < 0 ? Buffer.alloc(0) : Output.subarray(at + serverHeader.length);
  }
}
