/**
 * The bridge's second port, for whoever runs it: /healthz, /readyz and /metrics, at 127.0.0.1 only.
 *
 *     /healthz   200 while the process answers
 *     /readyz    200 while new pages are taken, else 503
 *     /metrics   Prometheus' text format
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { BridgeLimits } from "./BridgeLimits.ts";
import type { BridgeMetrics } from "./BridgeMetrics.ts";

const host = "127.0.0.1";

export class OperationPort {
  readonly #server: Server;
  readonly #metrics: BridgeMetrics;
  readonly #isReady: () => boolean;

  constructor(limits: BridgeLimits, metrics: BridgeMetrics, isReady: () => boolean) {
    this.#metrics = metrics;
    this.#isReady = isReady;
    this.#server = createServer(
      {
        maxHeaderSize: limits.upgradeHeaderBytes,
        headersTimeout: limits.upgradeTimeoutMs,
        requestTimeout: limits.upgradeTimeoutMs,
      },
      (request, response) => {
        // Whatever a question for numbers runs into, it is no reason to end.
        this.#answer(request, response).catch(() => response.destroy());
      },
    );
    this.#server.maxConnections = limits.maxOperationConnections;
  }

  /** Rejects with the system's error. */
  Listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        this.#server.off("error", reject);
        this.#server.on("error", () => undefined);
        resolve();
      });
    });
  }

  /** The port that it listens at; 0 while it does not. */
  Port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Frees the port; who is in the middle of an answer is cut off. */
  Close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    this.#metrics.Stop();
    return closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ""] = (request.url ?? "").split("?");
    const end = (status: number, text: string): void => {
      response.statusCode = status;
      response.setHeader("Cache-Control", "no-store");
      response.end(text);
    };
    if (request.method !== "GET" && request.method !== "HEAD") end(405, "");
    else if (!isOurName(request.headers.host)) end(403, "");
    else if (path === "/healthz") end(200, "ok\n");
    else if (path === "/readyz") end(...readiness(this.#isReady()));
    else if (path === "/metrics") {
      response.setHeader("Content-Type", this.#metrics.ContentType());
      end(200, await this.#metrics.Text());
    } else end(404, "");
  }
}

function readiness(ready: boolean): [number, string] {
  return ready ? [200, "ready\n"] : [503, "not ready\n"];
}

/** A foreign name that was pointed at this machine could be a page's (DNS rebinding). */
function isOurName(header: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1)(:[0-9]+)?$/.test(header ?? "");
}
