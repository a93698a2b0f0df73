import { afterEach, expect, test } from "vitest";
import { CompiledScript } from "../../../Support/CompiledScript.ts";
import { PlainServer } from "../../../Support/PlainPeer.ts";

const endings: (() => void)[] = [];
afterEach(() => {
  for (const end of endings.splice(0)) end();
});

const node = new URL("../../../../dist/networking/backends/node/NodeBackend.js", import.meta.url);
const setUp = `
  const { NodeBackend } = await import("${node.href}");
  const Backend = new NodeBackend({ OwnThread: false });
`;

function run(body: string, port = 0): CompiledScript {
  const script = new CompiledScript(setUp + body, port);
  endings.push(() => script.Kill());
  return script;
}

async function plainServer(): Promise<PlainServer> {
  const server = await PlainServer.Start("127.0.0.1", true);
  endings.push(() => server.Stop());
  return server;
}

const connect = `
  const peer = new net.StreamPeerTCP({ Backend });
  peer.ConnectToHost("127.0.0.1", port);
  await peer.WaitStatus(net.Status.STATUS_CONNECTED, 5_000);
`;

test("a process ends once everything is closed, whenever a listen ended", async () => {
  const script = run(
    `
    const [one, two, three] = [1, 2, 3].map(() => new net.TCPServer({ Backend }));
    one.Listen(0, "127.0.0.1");
    two.Listen(0, "127.0.0.1");
    two.Stop();
    ${connect}
    three.Listen(one.GetLocalPort(), "127.0.0.1");
    await new Promise((resolve) => setTimeout(resolve));
    peer.Abort();
    one.Stop();
    console.log("end=reached");`,
    (await plainServer()).Port,
  );
  await script.Exit();
  expect(script.Output).toBe("end=reached\n");
  expect(script.ExitCode).toBe(0);
});

test.each([
  ["a socket", connect + `setImmediate(() => console.log("open=" + Backend.HeldCount()));`],
  [
    "a server",
    `const server = new net.TCPServer({ Backend });
    server.Listen(0, "127.0.0.1");
    setImmediate(() => console.log("open=" + Backend.HeldCount()));`,
  ],
])("%s keeps the process alive while it is open", async (_what, body) => {
  const script = run(`${body} process.stdin.unref?.();`, (await plainServer()).Port);
  expect(await script.Value("open")).toBe("1");
  expect(script.ExitCode).toBeNull();
});

test("a handler that throws is its process's to judge, and keeps no other from its news", async () => {
  const script = run(
    `
    let thrown = 0;
    process.on("uncaughtException", () => thrown++);
    let heard = 0;
    for (let i = 0; i < 3; i++) {
      const socket = new net.NetSocket({ Backend });
      socket.ConnectToHost("127.0.0.1", port);
      socket.OnActivity(() => {
        if (socket.Poll() === net.SocketError.SUCCESS) return;
        heard++;
        throw new Error("a mistake");
      });
    }
    await new Promise((resolve) => setTimeout(resolve)); // what came before the watch is told
    await Backend.Terminate();
    process.on("exit", () => console.log([heard, thrown, Backend.HeldCount()].join()));`,
    (await plainServer()).Port,
  );
  await script.Exit();
  expect(script.Output).toBe("3,3,0\n");
  expect(script.ExitCode).toBe(0);
});
