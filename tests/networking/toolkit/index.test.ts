import { expect, it } from "vitest";
import * as toolkit from "../../../networking/toolkit/index.ts";
import { CompiledScript } from "../../Support/CompiledScript.ts";

const compiled = new URL("../../../dist/networking/toolkit/index.js", import.meta.url).href;

it("moonwire/toolkit exports what its documentation names, and nothing else", () => {
  expect(Object.keys(toolkit).toSorted()).toEqual([
    "Connect",
    "ConnectJson",
    "Connection",
    "ConnectionServer",
    "ConnectionTimeoutError",
    "EasySocketError",
    "FileTransferError",
    "InvalidJSONError",
    "JsonLines",
    "PeerAddress",
    "PortInUseError",
    "SendFile",
    "SendJson",
    "SendTcpBytes",
    "SendTcpMessage",
    "SendTlsTcpMessage",
    "StartFileServer",
    "StartJsonServer",
    "StartTcpServer",
    "StartTlsTcpServer",
    "TCPConnectionPool",
    "ToolkitLimits",
    "UnsupportedProtocolError",
  ]);
});

it("a script ends by itself once its server and its pool are closed, not before", async () => {
  const script = new CompiledScript(`
    const { SendTcpMessage, StartTcpServer, TCPConnectionPool } = await import("${compiled}");
    const server = await StartTcpServer(0, (data, _address, reply) => reply.Send(data));
    const pool = new TCPConnectionPool("localhost", server.Port);
    const pooled = await pool.WithConnection(async (connection) => {
      await connection.Write("pooled");
      return new TextDecoder().decode(await connection.ReadExactly(6));
    });
    console.log("pooled=" + pooled);
    console.log("sent=" + (await SendTcpMessage("localhost", server.Port, "sent")));
    setTimeout(async () => {
      await pool.CloseAll();
      await server.Close();
      console.log("closed=yes");
    }, 100);
  `);
  expect(await script.Value("pooled")).toBe("pooled");
  expect(await script.Value("sent")).toBe("sent");
  expect(await script.Value("closed")).toBe("yes");
  await script.Exit();
  expect(script.ExitCode).toBe(0);
});
