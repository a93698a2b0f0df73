/**
 * The far end of the contract suite for a page: the plain sockets of the node harness, called over
 * HTTP on the loopback. What a call gives that is no plain data stays here and is known by number;
 * 0 is the harness itself.
 */
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { NodeHarness } from "../../networking/backends/contract/NodeHarness.ts";
import type { FarHandle } from "./FarCall.ts";

export class FarService {
  readonly #objects: object[];
  readonly #server: Server;

  private constructor(harness: NodeHarness) {
    this.#objects = [harness];
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async Start(harness: NodeHarness): Promise<FarService> {
    const service = new FarService(harness);
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    return service;
  }

  get Url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  Stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader("Access-Control-Allow-Origin", "*");
    try {
      const result = (await this.#call(request)) ?? null;
      response.end(JSON.stringify(result, (_key, value) => this.#outward(value)));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }

  async #call(request: IncomingMessage): Promise<unknown> {
    const [, query = ""] = (request.url ?? "").split("?");
    const call = JSON.parse(decodeURIComponent(query)) as [number, string, ...unknown[]];
    const [far, member, ...values] = call;
    const data = await buffer(request);
    const object = this.#objects[far] as Record<string, unknown>;
    const value = object[member];
    if (typeof value !== "function") return value;
    return await Reflect.apply(value, object, data.length > 0 ? [...values, data] : values);
  }

  #outward(value: unknown): unknown {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
    if (typeof value !== "object" || value === null) return value;
    if ([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value))) return value;
    const known = this.#objects.indexOf(value);
    const handle: FarHandle = { Far: known < 0 ? this.#objects.push(value) - 1 : known };
    return handle;
  }
}
