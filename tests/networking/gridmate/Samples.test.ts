/** The samples of the GridMate documents, line by line, in TypeScript. */
import { afterEach, expect, test } from "vitest";
import type { BusOwner, DriverAddress } from "moonwire/gridmate";
import { Driver, StreamSocketDriver, StreamSocketDriverEventsBus } from "moonwire/gridmate";
import { WaitFor } from "../../Support/WaitFor.ts";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

/** "Constructing the TCP Socket Driver" */
function constructed(): StreamSocketDriver {
  // Specify the maximum number of connections that the server accepts.
  const maxConnections = 32;

  // Specify the largest packet to be sent.
  const maxPacketSize = 1024 * 64;

  // Specify the size of the internal byte buffer that stores incoming bytes from the socket.
  const inboundBufferSize = 1024 * 64;

  // Specify the size of the internal byte buffer that stores outbound bytes to the socket.
  const outboundBufferSize = 1024 * 64;
  const server = new StreamSocketDriver(
    maxConnections,
    maxPacketSize,
    inboundBufferSize,
    outboundBufferSize,
  );
  endings.push(() => server.Destroy());
  return server;
}

/** "Initializing the Socket Driver", with a port of the system's choice for the tests. */
function initialized(serverPort: number): StreamSocketDriver {
  const server = constructed();
  // For IPv4, specify driver BSD_AF_INET. For IPv6, specify BSD_AF_INET6.
  const familyType = Driver.BSD_AF_INET;

  // Specify the address of the Ethernet card to bind to.
  const address = "127.0.0.1";

  // Specify that TCP sockets cannot send broadcast packets.
  const isBroadcast = false;

  // Set the receive buffer size for each new socket.
  const receiveBufferSize = 1024 * 256;

  // Set the send buffer size for each new socket.
  const sendBufferSize = 1024 * 64;
  const code = server.Initialize(
    familyType,
    address,
    serverPort,
    isBroadcast,
    receiveBufferSize,
    sendBufferSize,
  );
  expect(code).toBe(Driver.EC_OK);
  return server;
}

/** "Setting Up a Stream Socket Event Bus Handler" */
class ConnectionHandler extends StreamSocketDriverEventsBus.Handler {
  ConnectionCount: number;

  constructor(gridMate: BusOwner) {
    super();
    this.ConnectionCount = 0;
    this.BusConnect(gridMate);
  }

  /** The destructor. */
  Destroy(): void {
    this.ConnectionCount = -1;
    this.BusDisconnect();
  }

  override OnConnectionEstablished(_address: DriverAddress): void {
    this.ConnectionCount++;
  }

  override OnConnectionDisconnected(_address: DriverAddress): void {
    this.ConnectionCount--;
  }

  DidConnect(): boolean {
    return this.ConnectionCount > 0;
  }
}

test("constructing a driver", () => {
  expect(constructed().GetMaxNumConnections()).toBe(32);
});

test("initialising it with the port of the document", () => {
  expect(initialized(2017).GetPort()).toBe(2017);
});

test("a server and a client, with a handler that counts connections", async () => {
  const server = initialized(0);
  const serverHandler = new ConnectionHandler(server);
  endings.push(() => serverHandler.Destroy());
  expect(server.StartListen(8)).toBe(Driver.EC_OK);

  const client = new StreamSocketDriver(1);
  endings.push(() => client.Destroy());
  expect(client.Initialize(Driver.BSD_AF_INET, null, 0, false, 0, 0)).toBe(Driver.EC_OK);
  const clientHandler = new ConnectionHandler(client);
  endings.push(() => clientHandler.Destroy());
  const address = client.CreateDriverAddress(`127.0.0.1|${server.GetPort()}`);
  expect(client.ConnectTo(address)).toBe(Driver.EC_OK);

  const updated = (holds: () => boolean) => () => {
    server.Update();
    client.Update();
    return holds();
  };
  await WaitFor(
    updated(() => serverHandler.DidConnect() && clientHandler.DidConnect()),
    "both handlers to count a connection",
  );
  expect([serverHandler.ConnectionCount, clientHandler.ConnectionCount]).toEqual([1, 1]);

  expect(client.Send(address, Buffer.from("hello"))).toBe(Driver.EC_OK);
  const data = new Uint8Array(1024 * 64);
  let text = "";
  await WaitFor(
    updated(() => {
      const { Result, Size } = server.Receive(data);
      expect(Result).toBe(Driver.EC_OK);
      text += Buffer.from(data.subarray(0, Size)).toString();
      return Size > 0;
    }),
    "a packet",
  );
  expect(text).toBe("hello");

  expect(server.StopListen()).toBe(Driver.EC_OK);
  expect(client.DisconnectFrom(address)).toBe(Driver.EC_OK);
  await WaitFor(
    updated(() => !serverHandler.DidConnect() && !clientHandler.DidConnect()),
    "both handlers to count it off",
  );
  expect([serverHandler.ConnectionCount, clientHandler.ConnectionCount]).toEqual([0, 0]);
});

test("a handler on the bus of all drivers counts both ends", async () => {
  const handler = new ConnectionHandler(StreamSocketDriverEventsBus.Global);
  endings.push(() => handler.Destroy());
  const server = initialized(0);
  expect(server.StartListen(8)).toBe(Driver.EC_OK);
  const address = server.CreateDriverAddress(`127.0.0.1|${server.GetPort()}`);
  expect(server.ConnectTo(address)).toBe(Driver.EC_OK);
  await WaitFor(() => {
    server.Update();
    return handler.ConnectionCount === 2;
  }, "two ends");
  server.Destroy();
  expect(handler.ConnectionCount).toBe(0);
});
