/** What the echo servers do with what they get, and with a connection that fails. */
import type { PeerAddress } from "../toolkit/PeerAddress.ts";
import type { TcpHandler } from "../toolkit/TcpServer.ts";
import type { Output } from "./Output.ts";

/** As much of a message as its line for people shows. */
const shownCharacters = 200;

/** Answers `Echo: ` and the same bytes, and tells of it. */
export function EchoHandler(output: Output): TcpHandler {
  return async (data, address, reply) => {
    const from = address.ToString();
    const text = new TextDecoder().decode(data);
    const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}...` : text;
    output.Tell(`${from} sent ${data.length} bytes: ${shown}`, {
      event: "data",
      from,
      bytes: data.length,
      text,
    });
    await reply.Send(Buffer.concat([prefix, data]));
  };
}

/** For the `onError` of a server. */
export function OnFailure(output: Output): (error: unknown, address: PeerAddress) => void {
  return (error, address) => {
    const from = address.ToString();
    const message = error instanceof Error ? error.message : String(error);
    output.Tell(`${from} failed: ${message}`, { event: "failed", from, message });
  };
}

const prefix = Buffer.from("Echo: ");
