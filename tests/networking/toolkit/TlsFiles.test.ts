import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { ClientTls, ServerTls } from "../../../networking/toolkit/TlsFiles.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { Rejection } from "./Peers.ts";

const { Backend } = UseNetwork();
const { Ca, Server, Client } = Certificates();
const folder = mkdtempSync(join(tmpdir(), "moonwire-tls-files-"));
const nonsense = join(folder, "nonsense.pem");
writeFileSync(nonsense, "This is no PEM.");
afterAll(() => rmSync(folder, { recursive: true }));

const certfile = Server.CertificateFile;
const keyfile = Server.PrivateKeyFile;
const cafile = Ca.CertificateFile;

describe("ServerTls", () => {
  it("makes a server's options", async () => {
    const options = await ServerTls(
      { certfile, keyfile, cafile, requireClientCert: true },
      Backend,
    );
    expect(options.IsServer()).toBe(true);
    expect(options.Config().Trust).toBe("required");
    expect((await ServerTls({ certfile, keyfile }, Backend)).Config().Trust).toBe("ignored");
  });

  it.each([
    [{ certfile: "/nowhere/server.crt", keyfile }, "The file /nowhere/server.crt cannot be read."],
    [{ certfile, keyfile: folder }, `The file ${folder} cannot be read.`],
    [{ certfile: nonsense, keyfile }, `${nonsense} is no PEM certificate.`],
    [{ certfile, keyfile: nonsense }, `${nonsense} is no PEM key, or is locked by a passphrase.`],
    [{ certfile, keyfile, cafile: nonsense }, `${nonsense} is no PEM certificate of an authority.`],
    [
      { certfile, keyfile: Client.PrivateKeyFile },
      `${Client.PrivateKeyFile} is the key of another certificate.`,
    ],
  ])("says what is wrong with %o", async (files, text) => {
    const error = await Rejection(ServerTls(files, Backend));
    expect(error.message).toBe(text);
    expect(error.cause).toBeInstanceOf(Error);
  });

  it("throws a TypeError for what cannot be meant", async () => {
    await expect(ServerTls({} as never, Backend)).rejects.toThrow(TypeError);
    const files = { certfile, keyfile, requireClientCert: true };
    await expect(ServerTls(files, Backend)).rejects.toThrow(TypeError);
  });
});

describe("ClientTls", () => {
  it("verifies unless it is told not to", async () => {
    expect((await ClientTls({ cafile }, Backend)).Config()).toMatchObject({
      IsServer: false,
      Trust: "required",
      VerifyName: true,
      Authorities: Ca.Certificate,
    });
    expect((await ClientTls({}, Backend)).Config().Authorities).toBeNull();
    expect((await ClientTls({ cafile, verify: false }, Backend)).Config()).toMatchObject({
      Trust: "ignored",
      VerifyName: false,
    });
  });

  it("wants certificate and key together", async () => {
    const error = await Rejection(ClientTls({ certfile }, Backend));
    expect(error.message).toBe("certfile and keyfile go together.");
    expect(error.Code).toBe(SocketError.INVALID_PARAMETER);
  });
});
