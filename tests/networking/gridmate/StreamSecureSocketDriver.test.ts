/** How secure drivers are set up, whom they let in, and whom they refuse. */
import { expect, test } from "vitest";
import { MemoryBackend } from "../../../networking/backends/memory/MemoryBackend.ts";
import { MemoryNetwork } from "../../../networking/backends/memory/MemoryNetwork.ts";
import { SocketError } from "../../../networking/core/SocketError.ts";
import type { DriverAddress } from "../../../networking/gridmate/DriverAddress.ts";
import { Driver, FamilyType, ResultCode } from "../../../networking/gridmate/ResultCode.ts";
import type { SecureDesc } from "../../../networking/gridmate/StreamSecureSocketDriver.ts";
import { StreamSecureSocketDriver } from "../../../networking/gridmate/StreamSecureSocketDriver.ts";
import { Certificates } from "../../Support/Certificates.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";
import { UseNetwork } from "../../Support/Network.ts";
import { WaitFor } from "../../Support/WaitFor.ts";
import { Diary } from "./Diary.ts";
import { Address, Bytes, Ok, ReceiveTexts } from "./Drivers.ts";
import { SecureDriver, Showing, Trusting } from "./SecureDrivers.ts";

const log = CaptureNetLog();
const network = UseNetwork();
const made = Certificates();

interface Meeting {
  readonly Server: StreamSecureSocketDriver;
  readonly Client: StreamSecureSocketDriver;
  readonly Target: DriverAddress;
  readonly ServerDiary: Diary;
  readonly ClientDiary: Diary;
  readonly Until: (holds: () => boolean, what: string) => Promise<void>;
}

/** A server and a client that has begun to connect. */
function meet(serverDesc: SecureDesc, clientDesc: SecureDesc): Meeting {
  const server = SecureDriver(serverDesc, network.Backend);
  const client = SecureDriver(clientDesc, network.Backend);
  network.Ending(() => server.Destroy());
  network.Ending(() => client.Destroy());
  Ok(server.StartListen(4));
  const target = Address(client, `127.0.0.1|${server.GetPort()}`);
  Ok(client.ConnectTo(target));
  return {
    Server: server,
    Client: client,
    Target: target,
    ServerDiary: new Diary(server),
    ClientDiary: new Diary(client),
    Until: (holds, what) =>
      WaitFor(() => {
        server.Update();
        client.Update();
        return holds();
      }, what),
  };
}

test("the set-ups of the documents: a server with key and certificate, a client with the CA", async () => {
  const myCertPEM = made.SelfSigned.Certificate;
  const myPrivateKeyPEM = made.SelfSigned.PrivateKey;
  const server = new StreamSecureSocketDriver();
  {
    const desc = new StreamSecureSocketDriver.StreamSecureSocketDriverDesc();
    desc.certificatePEM = myCertPEM;
    desc.privateKeyPEM = myPrivateKeyPEM;
    const port = 0;
    Ok(server.InitializeSecurity(Driver.BSD_AF_INET, null, port, 1024 * 64, 1024 * 64, desc));
  }
  const myPublicCertPEM = myCertPEM;
  const client = new StreamSecureSocketDriver();
  {
    const desc = new StreamSecureSocketDriver.StreamSecureSocketDriverDesc();
    desc.certificateAuthorityPEM = myPublicCertPEM;
    Ok(client.InitializeSecurity(Driver.BSD_AF_INET, null, 0, 1024 * 64, 1024 * 64, desc));
  }
  network.Ending(() => server.Destroy());
  network.Ending(() => client.Destroy());
  Ok(server.StartListen(8));
  const address = client.CreateDriverAddress(`127.0.0.1|${server.GetPort()}`);
  Ok(client.ConnectTo(address));
  Ok(client.Send(address, Bytes("for your eyes only")));
  const heard: string[] = [];
  await WaitFor(() => {
    server.Update();
    client.Update();
    heard.push(...ReceiveTexts(server));
    return heard.length > 0;
  }, "a packet");
  expect(heard).toEqual(["for your eyes only"]);
  expect(client.IsConnectedTo(address)).toBe(true);
});

test("isBroadcast may be given, and must be false", () => {
  const { BSD_AF_INET6 } = FamilyType;
  const driver = new StreamSecureSocketDriver();
  expect(driver.InitializeSecurity(BSD_AF_INET6, null, 0, true, 0, 0, Trusting())).toBe(
    ResultCode.EC_SOCKET_SOCK_OPT,
  );
  Ok(driver.InitializeSecurity(BSD_AF_INET6, "::1", 0, false, 0, 0, Trusting()));
  expect(driver.InitializeSecurity(BSD_AF_INET6, "::1", 0, 0, 0, Trusting())).toBe(
    ResultCode.EC_SOCKET_CREATE,
  );
});

test("a mistake leaves the driver as it was, with nothing opened", () => {
  const driver = new StreamSecureSocketDriver(4, 1_000, 1_000, 1_000, { Backend: network.Backend });
  const initialize = (desc: SecureDesc, port = 0): ResultCode =>
    driver.InitializeSecurity(FamilyType.BSD_AF_INET, "127.0.0.1", port, 0, 0, desc);
  expect(driver.Initialize()).toBe(ResultCode.EC_SECURE_CONFIG);
  expect(initialize({})).toBe(ResultCode.EC_SECURE_CONFIG);
  expect(initialize({ ...Showing(made.Server), privateKeyPEM: "x" })).toBe(
    ResultCode.EC_SECURE_PKEY,
  );
  expect(initialize(Showing(made.Server), -1)).toBe(ResultCode.EC_SOCKET_BIND);
  expect(driver.StartListen(1)).toBe(ResultCode.EC_SOCKET_LISTEN);
  expect(driver.ConnectTo(Address(driver, "127.0.0.1|9"))).toBe(ResultCode.EC_SOCKET_CONNECT);
  Ok(initialize(Showing(made.Server)));
  expect(driver.ConnectTo(Address(driver, "127.0.0.1|9"))).toBe(ResultCode.EC_SECURE_CA_CERT);
  driver.Destroy();
  Ok(initialize(Trusting()));
  expect(driver.StartListen(1)).toBe(ResultCode.EC_SECURE_CERT);
  expect(driver.IsListening()).toBe(false);
  driver.Destroy();
});

test("where there is no TLS it says so", () => {
  const backend = new MemoryBackend(new MemoryNetwork());
  const driver = new StreamSecureSocketDriver(1, 1_000, 1_000, 1_000, { Backend: backend });
  expect(driver.InitializeSecurity(FamilyType.BSD_AF_INET, null, 0, 0, 0, Trusting())).toBe(
    ResultCode.EC_SECURE_CREATE,
  );
});

test.each<[string, () => SecureDesc, () => SecureDesc, SocketError]>([
  [
    "of another CA",
    () => Showing(made.Stranger),
    () => Trusting(),
    SocketError.TLS_CERTIFICATE_INVALID,
  ],
  [
    "vouched for by itself",
    () => Showing(made.SelfSigned),
    () => Trusting(),
    SocketError.TLS_CERTIFICATE_INVALID,
  ],
  [
    "no longer valid",
    () => Showing(made.Expired),
    () => Trusting(),
    SocketError.TLS_CERTIFICATE_INVALID,
  ],
  [
    "of another name",
    () => Showing(made.WrongName),
    () => ({ ...Trusting(), serverName: "localhost" }),
    SocketError.TLS_HOSTNAME_MISMATCH,
  ],
])("a server %s is refused, and no event tells of it", async (_, serverDesc, clientDesc, why) => {
  const { Client, Target, ClientDiary, ServerDiary, Until } = meet(serverDesc(), clientDesc());
  Ok(Client.Send(Target, Bytes("a secret")));
  await Until(() => Client.GetLastError(Target) !== SocketError.SUCCESS, "the refusal");
  expect(Client.GetLastError(Target)).toBe(why);
  expect(ClientDiary.Lines).toEqual([]);
  await Until(() => ServerDiary.Connected.size === 0, "the server to know");
  expect(log.length).toBe(1);
});

test.each([
  ["a name", "Server", "localhost"],
  ["an address", "Server", "127.0.0.1"],
  ["another name that the certificate has", "WrongName", "other.example"],
  ["no name", "WrongName", ""],
] as const)("a client that verifies %s", async (_, which, serverName) => {
  const { Server, Client, Target, Until } = meet(Showing(made[which]), {
    ...Trusting(),
    serverName,
  });
  await Until(() => Client.IsConnectedTo(Target), "the connection");
  await Until(() => Server.GetNumberOfConnections() === 1, "the server's end");
});

test("a client that shows the CA's certificate is let in where it must", async () => {
  const authenticating = { ...Showing(made.Server), ...Trusting(), authenticateClient: true };
  const { Server, Client, Target, Until } = meet(authenticating, {
    ...Showing(made.Client),
    ...Trusting(),
  });
  await Until(() => Server.GetNumberOfConnections() === 1, "the server's end");
  expect(Client.IsConnectedTo(Target)).toBe(true);
});

test.each<[string, () => SecureDesc]>([
  ["without a certificate", () => Trusting()],
  ["with one of another CA", () => ({ ...Showing(made.OtherClient), ...Trusting() })],
])("a client %s stays outside, whatever it sends", async (_, clientDesc) => {
  const authenticating = { ...Showing(made.Server), ...Trusting(), authenticateClient: true };
  const meeting = meet(authenticating, clientDesc());
  const { Server, Client, Target, ServerDiary, ClientDiary, Until } = meeting;
  Ok(Client.Send(Target, Bytes("let me in")));
  await Until(() => Client.GetLastError(Target) !== SocketError.SUCCESS, "the refusal");
  expect(ServerDiary.Lines).toEqual([]);
  expect(ReceiveTexts(Server)).toEqual([]);
  expect(Server.GetNumberOfConnections()).toBe(0);
  expect(ClientDiary.Mistakes).toEqual([]);
  expect(ClientDiary.Connected.size).toBe(0);
});
