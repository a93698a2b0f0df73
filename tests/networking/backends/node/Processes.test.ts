import { afterEach, expect, test } from "vitest";
import { CompiledScript } from "../../../Support/CompiledScript.ts";
import { ConnectPlain, PlainServer } from "../../../Support/PlainPeer.ts";
import type { PlainPeer } from "../../../Support/PlainPeer.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

function run(body: string, port = 0, openFiles = 0): CompiledScript {
  const script = new CompiledScript(body, port, openFiles);
  endings.push(() => script.Kill());
  return script;
}

async function plainServer(reading = true): Promise<PlainServer> {
  const server = await PlainServer.Start("127.0.0.1", reading);
  endings.push(() => server.Stop());
  return server;
}

/** The script's connection. */
async function peerOf(script: CompiledScript, server: PlainServer): Promise<PlainPeer> {
  await WaitFor(() => server.Peers.length > 0 || script.ExitCode !== null, "a script to connect");
  if (server.Peers.length === 0) throw new Error(`The script ended early: ${script.Output}`);
  return server.Peer();
}

const connect = `
  const peer = new net.StreamPeerTCP();
  peer.ConnectToHost("127.0.0.1", port);
  await peer.WaitStatus(net.Status.STATUS_CONNECTED, 5_000);
`;

test("a process without sockets ends, also after it used some", async () => {
  const server = await plainServer();
  const script = run(
    `
    const server = new net.TCPServer();
    server.Listen(0, "127.0.0.1");
    net.Ip.ResolveHostname("localhost");
    ${connect}
    peer.Abort();
    server.Stop();
    console.log("end=reached");`,
    server.Port,
  );
  await script.Exit();
  expect(script.Output).toBe("end=reached\n");
  expect(script.ExitCode).toBe(0);
});

test("UDP holds the process while it is open, and not longer", async () => {
  const script = run(`
    const [a, b] = [new net.PacketPeerUDP(), new net.PacketPeerUDP()];
    a.Bind(0, "127.0.0.1");
    b.ConnectToHost("127.0.0.1", a.GetLocalPort());
    a.OnActivity(() => {
      if (a.GetPacket() === null) return;
      console.log("end=reached");
      a.Close();
      b.Close();
    });
    b.PutPacket(Uint8Array.of(1));`);
  await script.Exit();
  expect(script.Output).toBe("end=reached\n");
  expect(script.ExitCode).toBe(0);
});

test("an open socket keeps the process alive until its end", async () => {
  const server = await plainServer();
  const script = run(
    `${connect} console.log("connected=yes"); void peer.GetDataAsync(1);`,
    server.Port,
  );
  await script.Value("connected");
  expect(script.ExitCode).toBeNull();
  (await peerOf(script, server)).Socket.end();
  await script.Exit();
  expect(script.ExitCode).toBe(0);
});

test("what was put before a disconnect at the script's very end is all delivered", async () => {
  const server = await plainServer(false);
  const script = run(
    `${connect}
    const piece = new Uint8Array(65_536).fill(7);
    let put = 0;
    for (let still = 0; still < 20; await new Promise((resolve) => setTimeout(resolve, 1))) {
      const taken = peer.PutPartialData(piece).BytesSent;
      still = taken === 0 ? still + 1 : 0;
      put += taken;
    }
    console.log("left=" + peer.GetOutboundBytes());
    console.log("put=" + put);
    peer.DisconnectFromHost();`,
    server.Port,
  );
  const peer = await peerOf(script, server);
  const put = Number(await script.Value("put"));
  expect(Number(await script.Value("left"))).toBe(65_536);
  peer.Read();
  await WaitFor(() => peer.Ended, "the end");
  expect(peer.Failure).toBe("");
  expect(peer.Received).toHaveLength(put);
  peer.Socket.end();
  await script.Exit();
  expect(script.ExitCode).toBe(0);
});

test("a script may wait for everything, without one turn of its event loop", async () => {
  const server = await plainServer();
  const script = run(
    `
    const peer = new net.StreamPeerTCP();
    peer.BlockingTimeout = 5_000;
    peer.ConnectToHost(net.Ip.ResolveHostname("localhost", net.Ip.TYPE_IPV4), port);
    while (peer.GetStatus() === net.Status.STATUS_CONNECTING) peer.Poll();
    peer.PutUtf8String("ping");
    console.log("answer=" + peer.GetUtf8String());
    peer.DisconnectFromHost();`,
    server.Port,
  );
  const peer = await peerOf(script, server);
  await peer.WaitReceived(8);
  peer.Send(peer.Received);
  expect(await script.Value("answer")).toBe("ping");
  await WaitFor(() => peer.Ended, "the disconnect");
  peer.Socket.end();
  await script.Exit();
});

test("running out of descriptors costs connections, never the listener", async () => {
  const script = run(
    `
    const server = new net.TCPServer();
    server.Listen(0, "127.0.0.1", 500);
    console.log("port=" + server.GetLocalPort());
    const peers = new Set();
    setInterval(() => {
      let taken;
      while ((taken = server.TakeConnection()) !== null) peers.add(taken);
      for (const peer of peers) {
        if (peer.GetStatus() !== net.Status.STATUS_CONNECTED) peers.delete(peer);
        else if (peer.GetAvailableBytes() > 0) peer.PutU8(peer.GetU8());
      }
    }, 1);`,
    0,
    64,
  );
  const port = Number(await script.Value("port"));
  const flood: PlainPeer[] = [];
  for (let i = 0; i < 80; i++) flood.push(ConnectPlain(port));
  endings.push(() => {
    for (const peer of flood) peer.Socket.destroy();
  });
  await WaitFor(
    () => flood.some((peer) => peer.Ended || peer.Closed),
    "the descriptors to run out",
  );
  for (const peer of flood) peer.Socket.destroy();

  const late: PlainPeer[] = [];
  endings.push(() => {
    for (const peer of late) peer.Socket.destroy();
  });
  await WaitFor(() => {
    const last = late.at(-1);
    if (last === undefined || last.Ended || last.Closed) {
      late.push(ConnectPlain(port));
      late.at(-1)?.Send("x");
    }
    return last?.Text() === "x";
  }, "an answer after the flood");
  expect(script.ExitCode).toBeNull();
});
