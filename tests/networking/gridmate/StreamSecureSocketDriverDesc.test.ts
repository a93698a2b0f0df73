import { expect, test } from "vitest";
import { StreamSecureSocketDriver } from "../../../networking/gridmate/StreamSecureSocketDriver.ts";
import { StreamSecureSocketDriverDesc } from "../../../networking/gridmate/StreamSecureSocketDriverDesc.ts";

test("it asks for nothing until it is filled in", () => {
  const desc = new StreamSecureSocketDriver.StreamSecureSocketDriverDesc();
  expect(desc).toBeInstanceOf(StreamSecureSocketDriverDesc);
  expect({ ...desc }).toEqual({
    privateKeyPEM: null,
    certificatePEM: null,
    certificateAuthorityPEM: null,
    authenticateClient: false,
    serverName: "",
  });
});
