/**
 * What the bridge answers to plain HTTP requests: the list of targets, and static pages when a
 * folder is given. Everything else is 404.
 */
import { statSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import sirv from "sirv";
import type { Policy } from "./Policy.ts";

const targetsPath = "/bridge/targets.json";

/** @param folder of static pages; null serves none. One that is not there: TypeError. */
export function BridgePages(policy: Policy, folder: string | null): RequestListener {
  if (folder !== null && !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new TypeError(`"${folder}" is no folder; build the pages first, or give another.`);
  }
  // `dev` reads the disk on each request: a page that was just built is there without a restart.
  const pages = folder === null ? null : sirv(folder, { dev: policy.Dev, etag: true });
  return (request, response) => {
    response.setHeader("X-Content-Type-Options", "nosniff");
    const [path = ""] = (request.url ?? "").split("?");
    if (request.method !== "GET" && request.method !== "HEAD") {
      end(response.setHeader("Allow", "GET, HEAD"), 405);
    } else if (path === targetsPath) {
      answerTargets(policy, request, response);
    } else if (pages === null) {
      end(response, 404);
    } else {
      // A range that ends before it begins makes sirv throw; pages are small enough without.
      delete request.headers.range;
      response.on("pipe", (file) => {
        // A file that is gone since it was listed, or no descriptor for it: the answer has begun.
        file.on("error", () => response.destroy());
        // Who leaves in the middle must not leave the file open.
        response.on("close", () => file.destroy());
      });
      pages(request, response, () => end(response, 404));
    }
  };
}

/** `[{ "Name": "arena", "Port": 7350 }]`, for pages that may use the bridge. */
function answerTargets(policy: Policy, request: IncomingMessage, response: ServerResponse): void {
  const { origin, host } = request.headers;
  const allowed =
    origin === undefined ? policy.AllowsHostHeader(host) : policy.AllowsOrigin(origin);
  response.setHeader("Vary", "Origin");
  response.setHeader("Cache-Control", "no-store");
  if (!allowed) {
    end(response, 403);
    return;
  }
  if (origin !== undefined) response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(policy.Targets()));
}

function end(response: ServerResponse, status: number): void {
  response.statusCode = status;
  response.end();
}
