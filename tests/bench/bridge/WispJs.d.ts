/** The parts of @mercuryworkshop/wisp-js, a peer in tests, that they use; it has no types. */
declare module "@mercuryworkshop/wisp-js/client" {
  import type { WebSocket } from "ws";

  export interface ClientStream {
    onmessage: (bytes: Uint8Array) => void;
    onclose: (reason: number) => void;
    send_buffer: Uint8Array[];
    continue_received(room: number): void;
    send(bytes: Uint8Array): void;
    close(reason?: number): void;
  }
  export class ClientConnection {
    constructor(url: string, options?: { wisp_version: 1 | 2 });
    onopen: () => void;
    onerror: () => void;
    wisp_version: number;
    ws: WebSocket;
    create_stream(host: string, port: number): ClientStream;
    close(): void;
  }
  export const client: { ClientConnection: typeof ClientConnection };
}

declare module "@mercuryworkshop/wisp-js/server" {
  import type { IncomingMessage } from "node:http";
  import type { Duplex } from "node:stream";

  export const server: {
    options: { allow_loopback_ips: boolean; allow_private_ips: boolean; wisp_version: 1 | 2 };
    routeRequest(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  };
  export const logging: { NONE: number; set_level(level: number): void };
}
