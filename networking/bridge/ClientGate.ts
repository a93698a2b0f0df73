/**
 * Bounds what one client address has of the bridge's HTTP port: TCP connections, and requests that
 * are being answered. A trusted proxy's connections are those of everybody behind it and not
 * counted; its requests are counted for the clients that it names.
 *
 *     connection --too many of the address--> closed as it comes
 *     request    --too many of the client---> 429
 *
 * A client can have more requests than connections: it may send many before the first is answered.
 */
import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { IpAddress } from "../core/IpAddress.ts";
import { AddressPlaces } from "./AddressPlaces.ts";
import type { SessionContext } from "./BridgeSession.ts";
import type { TrustedProxies } from "./TrustedProxies.ts";

type GateContext = Pick<SessionContext, "Backend" | "Limits" | "Counters" | "Flood">;

export class ClientGate {
  readonly #context: GateContext;
  readonly #proxies: TrustedProxies;
  readonly #connections: AddressPlaces;
  readonly #requests: AddressPlaces;
  /** What the end of a connection gives back. */
  readonly #leaving = new WeakMap<Socket, Set<() => void>>();

  constructor(context: GateContext, proxies: TrustedProxies) {
    this.#context = context;
    this.#proxies = proxies;
    this.#connections = new AddressPlaces(context.Limits.maxConnectionsPerAddress);
    this.#requests = new AddressPlaces(context.Limits.maxRequestsPerAddress);
  }

  /** A TCP connection came in: it has a place until it ends, or ends now. */
  Connection(socket: Socket): void {
    const client = new IpAddress(socket.remoteAddress ?? "");
    if (this.#proxies.Includes(client)) return;
    const leave = this.#connections.Enter(client);
    if (leave !== null) socket.once("close", leave);
    else {
      this.#refuse(client, "address");
      socket.destroy();
    }
  }

  /** One that the server closed by itself, because the process had too many. */
  Dropped(remoteAddress = ""): void {
    this.#refuse(new IpAddress(remoteAddress), "full");
  }

  /** What `answer` does, for clients that have a place. */
  Guard(answer: RequestListener): RequestListener {
    return (request, response) => {
      const client = this.#proxies.ClientOfRequest(request);
      // A proxy's own questions, and those of clients that it does not name.
      if (this.#proxies.Includes(client)) {
        answer(request, response);
        return;
      }
      const leave = this.#requests.Enter(client);
      if (leave === null) {
        this.#refuseRequest(client, response);
        return;
      }
      this.#leaveAtEnd(request.socket, response, leave);
      answer(request, response);
    };
  }

  /** An answer that waits for an earlier one does not hear of the connection's end by itself. */
  #leaveAtEnd(socket: Socket, response: ServerResponse, leave: () => void): void {
    const leaving = this.#leaving.get(socket) ?? this.#newLeaving(socket);
    leaving.add(leave);
    response.once("close", () => {
      leaving.delete(leave);
      leave();
    });
  }

  #newLeaving(socket: Socket): Set<() => void> {
    const leaving = new Set<() => void>();
    this.#leaving.set(socket, leaving);
    socket.once("close", () => {
      for (const leave of leaving) leave();
    });
    return leaving;
  }

  #refuse(client: IpAddress, why: "address" | "full"): void {
    const { Backend, Counters, Flood } = this.#context;
    Counters.ConnectionsRefused++;
    Flood.Tell("connection refused", { client: client.ToString(), why }, Backend.Now());
  }

  #refuseRequest(client: IpAddress, response: ServerResponse): void {
    const { Backend, Counters, Flood } = this.#context;
    Counters.RequestsRefused++;
    Flood.Tell("request refused", { client: client.ToString() }, Backend.Now());
    response.statusCode = 429;
    response.end();
  }
}
