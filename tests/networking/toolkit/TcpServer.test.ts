import { describe, expect, it } from "vitest";
import { SendTcpMessage, StartTcpServer } from "../../../networking/toolkit/index.ts";
import { UseNetwork } from "../../Support/Network.ts";

const network = UseNetwork();
const backend = network.Backend;

describe("StartTcpServer", () => {
  it("answers", async () => {
    await using server = await StartTcpServer(
      0,
      async (data, address, reply) => {
        await reply.Send(`Received from ${address.Host}: ${new TextDecoder().decode(data)}`);
      },
      { host: "127.0.0.1", backend },
    );
    expect(await SendTcpMessage("127.0.0.1", server.Port, "Hello, World!", { backend })).toBe(
      "Received from 127.0.0.1: Hello, World!",
    );
  });
});
