/**
 * A certificate for `npm start -- --tls`: made at start for this machine's loopback, vouched for by
 * itself, kept in files of a temporary folder that only this user can read, and gone at the end.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";

const daysValid = 30;
const dayMs = 86_400_000;
/** Types of names in a certificate (RFC 5280 section 4.2.1.6, GeneralName). */
const dnsName = 2;
const ipAddress = 7;

export interface SelfSigned {
  /** PEM files. */
  readonly CertificateFile: string;
  readonly KeyFile: string;
  readonly Remove: () => Promise<void>;
}

export async function MakeSelfSigned(): Promise<SelfSigned> {
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + daysValid * dayMs),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: dnsName, value: "localhost" },
          { type: ipAddress, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), "moonwire-demos-"));
  const [CertificateFile, KeyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await writeFile(CertificateFile, made.cert);
  await writeFile(KeyFile, made.private, { mode: 0o600 });
  return { CertificateFile, KeyFile, Remove: () => rm(folder, { recursive: true, force: true }) };
}
