/**
 * Certificates for tests, made by OpenSSL's own tool when a test first asks for them and removed
 * when the process ends. ECDSA P-256, so that making all of them takes well under a second.
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

export interface Certified {
  /** PEM texts. */
  readonly Certificate: string;
  readonly PrivateKey: string;
  /** The same as files, for OpenSSL's tools. */
  readonly CertificateFile: string;
  readonly PrivateKeyFile: string;
}

const local = "DNS:localhost,IP:127.0.0.1,IP:::1";

class Authority {
  readonly Own: Certified;
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    this.Own = selfSigned(folder, name, ["basicConstraints=critical,CA:TRUE"]);
  }

  /** @param ends "20200102000000Z" for one that is over; the default is valid now. */
  Issue(name: string, names: string, ends = ""): Certified {
    const files = filesOf(this.#folder, name);
    const request = join(this.#folder, `${name}.csr`);
    makeKey(files.PrivateKeyFile);
    openssl("req", "-new", "-key", files.PrivateKeyFile, "-subj", subject(name), "-out", request);
    const extensions = join(this.#folder, `${name}.ext`);
    writeFileSync(extensions, `subjectAltName=${names}\nbasicConstraints=CA:FALSE\n`);
    const ca = filesOf(this.#folder, this.#name);
    if (ends === "") {
      openssl(
        ...["x509", "-req", "-in", request, "-out", files.CertificateFile, "-days", "2"],
        ...["-CA", ca.CertificateFile, "-CAkey", ca.PrivateKeyFile, "-extfile", extensions],
      );
    } else this.#issuePast(request, extensions, files.CertificateFile, ends);
    return read(files);
  }

  /** `openssl x509` cannot date a certificate back; `openssl ca` can, and wants its files. */
  #issuePast(request: string, extensions: string, into: string, ends: string): void {
    const at = (file: string): string => join(this.#folder, file);
    const ca = filesOf(this.#folder, this.#name);
    writeFileSync(at("index.txt"), "");
    writeFileSync(at("serial"), "1000\n");
    writeFileSync(
      at("ca.cnf"),
      `[ca]\ndefault_ca=here\n[here]\ndatabase=${at("index.txt")}\nserial=${at("serial")}\n` +
        `new_certs_dir=${this.#folder}\ndefault_md=sha256\npolicy=any\n` +
        "[any]\ncommonName=supplied\norganizationName=optional\n",
    );
    openssl(
      ...["ca", "-batch", "-notext", "-config", at("ca.cnf"), "-in", request, "-out", into],
      ...["-cert", ca.CertificateFile, "-keyfile", ca.PrivateKeyFile, "-extfile", extensions],
      ...["-startdate", "20200101000000Z", "-enddate", ends],
    );
  }
}

/** All of them; made at the first call in a process. */
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

let made: CertificateSet | null = null;

export function Certificates(): CertificateSet {
  made ??= make();
  return made;
}

function make(): CertificateSet {
  const folder = mkdtempSync(join(tmpdir(), "moonwire-certificates-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const ca = new Authority(folder, "ca");
  const other = new Authority(folder, "otherCa");
  return {
    Ca: ca.Own,
    Server: ca.Issue("server", local),
    WrongName: ca.Issue("wrongName", "DNS:other.example"),
    Expired: ca.Issue("expired", local, "20200102000000Z"),
    Client: ca.Issue("client", "DNS:player.example"),
    OtherCa: other.Own,
    Stranger: other.Issue("stranger", local),
    OtherClient: other.Issue("otherClient", "DNS:player.example"),
    SelfSigned: selfSigned(folder, "selfSigned", [`subjectAltName=${local}`]),
  };
}

function selfSigned(folder: string, name: string, extensions: readonly string[]): Certified {
  const files = filesOf(folder, name);
  makeKey(files.PrivateKeyFile);
  openssl(
    ...["req", "-new", "-x509", "-key", files.PrivateKeyFile, "-out", files.CertificateFile],
    ...["-subj", subject(name), "-days", "2"],
    ...extensions.flatMap((extension) => ["-addext", extension]),
  );
  return read(files);
}

type Files = Pick<Certified, "CertificateFile" | "PrivateKeyFile">;

function filesOf(folder: string, name: string): Files {
  return {
    CertificateFile: join(folder, `${name}.crt`),
    PrivateKeyFile: join(folder, `${name}.key`),
  };
}

function subject(name: string): string {
  return `/O=Moonwire tests/CN=${name}`;
}

function read(files: Files): Certified {
  return {
    ...files,
    Certificate: readFileSync(files.CertificateFile, "utf8"),
    PrivateKey: readFileSync(files.PrivateKeyFile, "utf8"),
  };
}

function makeKey(file: string): void {
  openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file);
}

function openssl(...args: string[]): void {
  requireOpenssl();
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}

let found = false;

function requireOpenssl(): void {
  if (found) return;
  found = spawnSync("openssl", ["version"]).status === 0;
  const isRoot = process.getuid?.() === 0;
  if (!found && isRoot) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "openssl"], { env });
    found = spawnSync("openssl", ["version"]).status === 0;
  }
  if (!found) {
    throw new Error("The tests of TLS need OpenSSL's tool: install the package openssl.");
  }
}
