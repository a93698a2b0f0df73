import { describe, expect, test } from "vitest";
import { NodeBackend } from "../../../networking/backends/node/NodeBackend.ts";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import { TLSMistake, TLSMistakeCode } from "../../../networking/core/TLSMistake.ts";
import { TLSOptions } from "../../../networking/core/TLSOptions.ts";
import type { TlsVersion } from "../../../networking/core/TlsRequest.ts";
import { Certificates } from "../../Support/Certificates.ts";

const { Ca, Server, Client } = Certificates();
const backend = new NodeBackend();

describe("what a factory makes", () => {
  test("a client verifies chain and name, with the platform's authorities unless told", () => {
    const options = TLSOptions.Client();
    expect(options.IsServer()).toBe(false);
    expect(options.Config()).toEqual({
      IsServer: false,
      Trust: "required",
      VerifyName: true,
      Authorities: null,
      Certificate: "",
      PrivateKey: "",
      AlpnProtocols: [],
      MinVersion: "TLSv1.2",
      MaxVersion: "TLSv1.3",
      HandshakeTimeoutMs: 10_000,
    });
    expect(TLSOptions.Client("ca").Config().Authorities).toBe("ca");
  });

  test("an unsafe client verifies nothing, or with authorities the chain alone", () => {
    expect(TLSOptions.ClientUnsafe().Config()).toMatchObject({
      Trust: "ignored",
      VerifyName: false,
    });
    expect(TLSOptions.ClientUnsafe("ca").Config()).toMatchObject({
      Trust: "required",
      VerifyName: false,
    });
  });

  test("a server asks for certificates only when it has authorities for them", () => {
    const trustOf = (more: object): string => TLSOptions.Server("k", "c", more).Config().Trust;
    expect(TLSOptions.Server("k", "c").IsServer()).toBe(true);
    expect(trustOf({})).toBe("ignored");
    expect(trustOf({ ClientCA: "ca" })).toBe("optional");
    expect(trustOf({ ClientCA: "ca", RequireClientCert: true })).toBe("required");
  });

  test("PEM may be bytes; one object gives one config, which stays as it is", () => {
    const bytes = new TextEncoder().encode(Ca.Certificate);
    const options = TLSOptions.Client(bytes, { AlpnProtocols: ["moon/1"], HandshakeTimeout: 5 });
    expect(options.Config()).toMatchObject({
      Authorities: Ca.Certificate,
      AlpnProtocols: ["moon/1"],
      HandshakeTimeoutMs: 5,
    });
    expect(options.Config()).toBe(options.Config());
    expect(Object.isFrozen(options.Config())).toBe(true);
  });

  test("the private key does not show in logs", () => {
    const options = TLSOptions.Server(Server.PrivateKey, Server.Certificate);
    expect(JSON.stringify(options)).toBe("{}");
  });
});

describe("programmer mistakes throw", () => {
  const wrong: Readonly<Record<string, () => unknown>> = {
    "authorities of another type": () => TLSOptions.Client(5 as unknown as string),
    "a key of another type": () => TLSOptions.Server(null as unknown as string, "c"),
    "settings that are no object": () => TLSOptions.Client(null, null as unknown as object),
    "versions in the wrong order": () =>
      TLSOptions.Client(null, { MinVersion: "TLSv1.3", MaxVersion: "TLSv1.2" }),
    "a version that is none": () =>
      TLSOptions.Client(null, { MinVersion: "TLSv1.1" as TlsVersion }),
    "a deadline of 0": () => TLSOptions.Client(null, { HandshakeTimeout: 0 }),
    "a deadline of 2^31": () => TLSOptions.Client(null, { HandshakeTimeout: 2 ** 31 }),
    "an empty protocol": () => TLSOptions.Client(null, { AlpnProtocols: [""] }),
    "a protocol of 256 characters": () =>
      TLSOptions.Client(null, { AlpnProtocols: ["x".repeat(256)] }),
    "33 protocols": () =>
      TLSOptions.Client(null, { AlpnProtocols: Array.from({ length: 33 }, (_, i) => `p${i}`) }),
    "required certificates that nobody vouches for": () =>
      TLSOptions.Server("k", "c", { RequireClientCert: true }),
  };
  for (const [what, call] of Object.entries(wrong)) {
    test(`${what}`, () => expect(call).toThrow(TypeError));
  }

  test("the longest protocol and the longest list are allowed", () => {
    const names = Array.from({ length: 32 }, (_, i) => `${i}`.padStart(255, "p"));
    expect(TLSOptions.Client(null, { AlpnProtocols: names }).Config().AlpnProtocols).toEqual(names);
  });
});

describe("mistakes in keys and certificates", () => {
  const { SUCCESS, INVALID_PARAMETER, TLS_FAILED, TLS_CERTIFICATE_INVALID } = SocketError;
  const { Certificate, PrivateKey } = Server;
  const rows: readonly (readonly [string, TLSOptions, TLSMistake, SocketError])[] = [
    ["none", TLSOptions.Server(PrivateKey, Certificate), TLSMistake.NONE, SUCCESS],
    ["none of a client's", TLSOptions.Client(Ca.Certificate), TLSMistake.NONE, SUCCESS],
    [
      "none in a chain",
      TLSOptions.Server(PrivateKey, `${Certificate}\n${Ca.Certificate}`),
      TLSMistake.NONE,
      SUCCESS,
    ],
    [
      "a certificate that is none",
      TLSOptions.Server(PrivateKey, "moon"),
      TLSMistake.CERTIFICATE,
      TLS_CERTIFICATE_INVALID,
    ],
    [
      "a certificate that was cut",
      TLSOptions.Server(PrivateKey, Certificate.replace(/\n.{64}\n/, "\n")),
      TLSMistake.CERTIFICATE,
      TLS_CERTIFICATE_INVALID,
    ],
    [
      "a chain whose second is damaged",
      TLSOptions.Server(
        PrivateKey,
        `${Certificate}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
      ),
      TLSMistake.CERTIFICATE,
      TLS_CERTIFICATE_INVALID,
    ],
    [
      "a key that is none",
      TLSOptions.Server("moon", Certificate),
      TLSMistake.PRIVATE_KEY,
      TLS_CERTIFICATE_INVALID,
    ],
    [
      "the two the other way round",
      TLSOptions.Server(Certificate, PrivateKey),
      TLSMistake.CERTIFICATE,
      TLS_CERTIFICATE_INVALID,
    ],
    [
      "authorities that are none",
      TLSOptions.Client("moon"),
      TLSMistake.AUTHORITY,
      TLS_CERTIFICATE_INVALID,
    ],
    [
      "a key of another certificate",
      TLSOptions.Server(Client.PrivateKey, Certificate),
      TLSMistake.PAIR,
      TLS_FAILED,
    ],
    [
      "a client's key alone",
      TLSOptions.Client(null, { PrivateKey: Client.PrivateKey }),
      TLSMistake.INCOMPLETE,
      INVALID_PARAMETER,
    ],
    [
      "a client's certificate alone",
      TLSOptions.Client(null, { Certificate: Client.Certificate }),
      TLSMistake.INCOMPLETE,
      INVALID_PARAMETER,
    ],
  ];
  for (const [what, options, mistake, code] of rows) {
    test(`${what}`, () => {
      expect(options.FindMistake(backend)).toBe(mistake);
      expect(TLSMistakeCode(mistake)).toBe(code);
    });
  }

  test("are looked for once, and not where the backend cannot", () => {
    let asked = 0;
    const counting = {
      FindTlsMistake: () => {
        asked++;
        return TLSMistake.PAIR;
      },
    } as unknown as NetBackend;
    const options = TLSOptions.Client();
    expect(options.FindMistake(counting)).toBe(TLSMistake.PAIR);
    expect(options.FindMistake(counting)).toBe(TLSMistake.PAIR);
    expect(asked).toBe(1);
    expect(TLSOptions.Client("moon").FindMistake({} as NetBackend)).toBe(TLSMistake.NONE);
  });
});
