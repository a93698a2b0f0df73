import { expect, test } from "vitest";
import { MemoryBackend } from "../../../networking/backends/memory/MemoryBackend.ts";
import { MemoryNetwork } from "../../../networking/backends/memory/MemoryNetwork.ts";
import type { SecureOptions } from "../../../networking/gridmate/SecureOptions.ts";
import { SecureOptionsOf } from "../../../networking/gridmate/SecureOptions.ts";
import { ResultCode, ResultCodeName } from "../../../networking/gridmate/ResultCode.ts";
import type { SecureDesc } from "../../../networking/gridmate/StreamSecureSocketDriver.ts";
import { StreamSecureSocketDriverDesc } from "../../../networking/gridmate/StreamSecureSocketDriverDesc.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { Showing, Trusting } from "./SecureDrivers.ts";

const network = UseNetwork();
const { Server, Client, Ca } = Certificates();
const junk = "-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----\n";

test.each<[string, SecureDesc, keyof typeof ResultCode]>([
  ["nothing", {}, "EC_SECURE_CONFIG"],
  ["a fresh descriptor", new StreamSecureSocketDriverDesc(), "EC_SECURE_CONFIG"],
  [
    "empty texts",
    { certificatePEM: "", privateKeyPEM: "", certificateAuthorityPEM: "" },
    "EC_SECURE_CONFIG",
  ],
  ["a certificate without its key", { ...Showing(Server), privateKeyPEM: null }, "EC_SECURE_PKEY"],
  ["a key without its certificate", { ...Showing(Server), certificatePEM: "" }, "EC_SECURE_CERT"],
  ["a certificate of no sort", { ...Showing(Server), certificatePEM: "x" }, "EC_SECURE_CERT"],
  ["a broken certificate", { ...Showing(Server), certificatePEM: junk }, "EC_SECURE_CERT"],
  ["a key of no sort", { ...Showing(Server), privateKeyPEM: "x" }, "EC_SECURE_PKEY"],
  ["another one's key", { ...Showing(Server), privateKeyPEM: Client.PrivateKey }, "EC_SECURE_PKEY"],
  ["a CA of no sort", { certificateAuthorityPEM: "x" }, "EC_SECURE_CA_CERT"],
  ["a broken CA", { certificateAuthorityPEM: junk }, "EC_SECURE_CA_CERT"],
  [
    "a good pair and a broken CA",
    { ...Showing(Server), certificateAuthorityPEM: junk },
    "EC_SECURE_CA_CERT",
  ],
  [
    "clients to authenticate, and no CA to do it with",
    { ...Showing(Server), authenticateClient: true },
    "EC_SECURE_CA_CERT",
  ],
  [
    "clients to authenticate, and no certificate to serve with",
    { ...Trusting(), authenticateClient: true },
    "EC_SECURE_CERT",
  ],
  ["a server name that is none", { ...Trusting(), serverName: "a b" }, "EC_SECURE_CONFIG"],
])("%s is a mistake with a code of its own", (_, desc, code) => {
  const options = SecureOptionsOf(desc, network.Backend);
  expect(ResultCodeName(options as ResultCode)).toBe(code);
});

function options(desc: SecureDesc): SecureOptions {
  const made = SecureOptionsOf(desc, network.Backend);
  if (typeof made === "number") throw new Error(`It gave ${ResultCodeName(made)}.`);
  return made;
}

test("a server of the documents listens, and cannot connect", () => {
  const made = options(Showing(Server));
  expect(made.Client).toBeNull();
  expect(made.Server?.Config()).toMatchObject({ IsServer: true, Trust: "ignored" });
});

test("a client of the documents verifies the chain, and cannot listen", () => {
  const made = options(Trusting());
  expect(made.Server).toBeNull();
  expect(made.ServerName).toBe("");
  expect(made.Client?.Config()).toMatchObject({
    Trust: "required",
    VerifyName: false,
    Authorities: Ca.Certificate,
    Certificate: "",
  });
});

test.each(["localhost", "127.0.0.1", "::1", "GAME.example"])("%s is a name to verify", (name) => {
  const made = options({ ...Trusting(), serverName: name });
  expect(made.ServerName).toBe(name);
  expect(made.Client?.Config()).toMatchObject({ Trust: "required", VerifyName: true });
});

test("an authenticating server requires a certificate of the CA", () => {
  const made = options({ ...Showing(Server), ...Trusting(), authenticateClient: true });
  expect(made.Server?.Config()).toMatchObject({ Trust: "required", Authorities: Ca.Certificate });
  const lenient = options({ ...Showing(Server), ...Trusting() });
  expect(lenient.Server?.Config()).toMatchObject({ Trust: "ignored" });
});

test("a client with a pair of its own shows it", () => {
  const made = options({ ...Showing(Client), ...Trusting() });
  expect(made.Client?.Config()).toMatchObject(
    Client.Certificate === ""
      ? {}
      : {
          Certificate: Client.Certificate,
          PrivateKey: Client.PrivateKey,
        },
  );
});

test("bytes are as good as texts", () => {
  const made = options({
    certificatePEM: Buffer.from(Server.Certificate),
    privateKeyPEM: Buffer.from(Server.PrivateKey),
  });
  expect(made.Server?.Config().Certificate).toBe(Server.Certificate);
});

test("a backend without TLS is EC_SECURE_CREATE", () => {
  const backend = new MemoryBackend(new MemoryNetwork());
  expect(SecureOptionsOf(Trusting(), backend)).toBe(ResultCode.EC_SECURE_CREATE);
});

test("wrong types throw a sentence that says what to pass", () => {
  const wrong = (desc: unknown) => () => SecureOptionsOf(desc as SecureDesc, network.Backend);
  expect(wrong(null)).toThrow(/StreamSecureSocketDriverDesc/);
  expect(wrong("pem")).toThrow(/StreamSecureSocketDriverDesc/);
  expect(wrong({ certificateAuthorityPEM: 7 })).toThrow(/PEM/);
  expect(wrong({ ...Showing(Server), authenticateClient: 1 })).toThrow(/true or false/);
});
