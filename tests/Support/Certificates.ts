/**
 * Certificates for tests, made by OpenSSL's own tool when a test file first asks for them and
 * removed when it ends. ECDSA P-256, so that making all of them takes half a second.
 *
 *     ca ---- server     localhost, 127.0.0.1, ::1
 *        |--- wrongName  other.example
 *        |--- expired    localhost, over since 2020
 *        +--- client     a player, for client authentication
 *     otherCa ---- stranger (localhost), otherClient
 *     selfSigned   localhost, vouched for by itself
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { GetPackage } from "./Programs.ts";

export interface Certified {
  /** PEM texts. */
  readonly Certificate: string;
  readonly PrivateKey: string;
  /** The same as files, for OpenSSL's tools. */
  readonly CertificateFile: string;
  readonly PrivateKeyFile: string;
}

export interface CertificateSet {
  readonly Ca: Certified;
  readonly Server: Certified;
  readonly WrongName: Certified;
  readonly Expired: Certified;
  readonly Client: Certified;
  readonly OtherCa: Certified;
  readonly Stranger: Certified;
  readonly OtherClient: Certified;
  readonly SelfSigned: Certified;
}

const local = "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1";
const player = "subjectAltName=DNS:player.example";
let made: CertificateSet | null = null;
let folder = "";

// Not at the process's exit: a test runner may end its workers without one.
afterAll(() => {
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

/** All of them; made at the first call in a test file. */
export function Certificates(): CertificateSet {
  made ??= make();
  return made;
}

function make(): CertificateSet {
  folder = mkdtempSync(join(tmpdir(), "moonwire-certificates-"));
  const workshop = new Workshop(folder);
  return {
    Ca: workshop.SelfSigned("ca", "basicConstraints=critical,CA:TRUE"),
    Server: workshop.Issue("ca", "server", local),
    WrongName: workshop.Issue("ca", "wrongName", "subjectAltName=DNS:other.example"),
    Expired: workshop.IssueExpired("ca", "expired", local),
    Client: workshop.Issue("ca", "client", player),
    OtherCa: workshop.SelfSigned("otherCa", "basicConstraints=critical,CA:TRUE"),
    Stranger: workshop.Issue("otherCa", "stranger", local),
    OtherClient: workshop.Issue("otherCa", "otherClient", player),
    SelfSigned: workshop.SelfSigned("selfSigned", local),
  };
}

/** `openssl ca` can date a certificate back, which `openssl x509` cannot, and wants files. */
const caConfig = `
[ca]
default_ca = here
[here]
database = index.txt
serial = serial.txt
new_certs_dir = .
default_md = sha256
policy = any
[any]
organizationName = optional
commonName = supplied
`;

class Workshop {
  readonly #folder: string;

  constructor(folder: string) {
    requireOpenssl();
    this.#folder = folder;
  }

  SelfSigned(name: string, extension: string): Certified {
    this.#makeKey(name);
    this.#run(
      `req -new -x509 -key ${name}.key -out ${name}.crt -days 2 ` +
        `-subj /O=Moonwire/CN=${name} -addext ${extension}`,
    );
    return this.#read(name);
  }

  Issue(ca: string, name: string, extension: string): Certified {
    this.#request(name, extension);
    this.#run(
      `x509 -req -in ${name}.csr -out ${name}.crt -days 2 ` +
        `-CA ${ca}.crt -CAkey ${ca}.key -CAcreateserial -extfile ${name}.ext`,
    );
    return this.#read(name);
  }

  IssueExpired(ca: string, name: string, extension: string): Certified {
    this.#request(name, extension);
    this.#write("index.txt", "");
    this.#write("serial.txt", "1000\n");
    this.#write("ca.cnf", caConfig);
    this.#run(
      `ca -batch -notext -config ca.cnf -in ${name}.csr -out ${name}.crt ` +
        `-cert ${ca}.crt -keyfile ${ca}.key -extfile ${name}.ext ` +
        "-startdate 20200101000000Z -enddate 20200102000000Z",
    );
    return this.#read(name);
  }

  #request(name: string, extension: string): void {
    this.#makeKey(name);
    this.#run(`req -new -key ${name}.key -out ${name}.csr -subj /O=Moonwire/CN=${name}`);
    this.#write(`${name}.ext`, `${extension}\nbasicConstraints=CA:FALSE\n`);
  }

  #makeKey(name: string): void {
    this.#run(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
  }

  #run(command: string): void {
    execFileSync("openssl", command.split(" "), {
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
  }

  #write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  #read(name: string): Certified {
    const CertificateFile = join(this.#folder, `${name}.crt`);
    const PrivateKeyFile = join(this.#folder, `${name}.key`);
    return {
      CertificateFile,
      PrivateKeyFile,
      Certificate: readFileSync(CertificateFile, "utf8"),
      PrivateKey: readFileSync(PrivateKeyFile, "utf8"),
    };
  }
}

function hasOpenssl(): boolean {
  return spawnSync("openssl", ["version"]).status === 0;
}

function requireOpenssl(): void {
  if (hasOpenssl()) return;
  GetPackage("OpenSSL", "openssl");
  if (hasOpenssl()) return;
  throw new Error("The tests of TLS need OpenSSL's tool: install the package openssl.");
}
