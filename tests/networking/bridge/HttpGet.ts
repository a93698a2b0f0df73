/** One HTTP request to this machine, with whatever method and headers a test wants. */
import { request } from "node:http";

export interface HttpAnswer {
  readonly Status: number;
  readonly Body: string;
  readonly Headers: Record<string, unknown>;
}

export function HttpGet(
  port: number,
  path: string,
  headers = {},
  method = "GET",
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const call = request({ host: "127.0.0.1", port, path, headers, method }, (response) => {
      let Body = "";
      response.on("data", (bytes: Buffer) => (Body += bytes.toString()));
      const Status = response.statusCode ?? 0;
      response.on("end", () => resolve({ Status, Body, Headers: response.headers }));
    });
    call.on("error", reject);
    call.end();
  });
}
