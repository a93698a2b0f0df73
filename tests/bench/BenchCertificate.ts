/** A self-signed certificate for one run of a benchmark, made by the `openssl` tool. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface BenchCertificate {
  /** PEM. */
  readonly Certificate: string;
  readonly PrivateKey: string;
}

/** ECDSA P-256, for localhost, valid for a day. */
export function MakeBenchCertificate(): BenchCertificate {
  const folder = mkdtempSync(join(tmpdir(), "moonwire-bench-"));
  try {
    const curve = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
    const call = `req -x509 ${curve} -keyout key -out certificate -days 1 -subj /CN=localhost`;
    execFileSync("openssl", call.split(" "), { cwd: folder, stdio: "pipe" });
    return {
      Certificate: readFileSync(join(folder, "certificate"), "utf8"),
      PrivateKey: readFileSync(join(folder, "key"), "utf8"),
    };
  } catch (error) {
    throw new Error(
      "The TLS benchmarks need the `openssl` tool (Debian: apt-get install openssl).",
      {
        cause: error,
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
