import { expect, it } from "vitest";
import { PeerAddress } from "../../../networking/toolkit/PeerAddress.ts";

it("PeerAddress prints as a URL would have it", () => {
  expect(`${new PeerAddress("127.0.0.1", 8080)}`).toBe("127.0.0.1:8080");
  expect(new PeerAddress("::1", 80).ToString()).toBe("[::1]:80");
  expect(`${new PeerAddress("localhost", 1)}`).toBe("localhost:1");
});
