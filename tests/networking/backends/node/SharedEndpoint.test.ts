import { expect, test } from "vitest";
import {
  LoadEndpoint,
  StoreEndpoint,
  endpointWords,
} from "../../../../networking/backends/node/SharedEndpoint.ts";
import { IpAddress } from "../../../../networking/core/IpAddress.ts";

test("two endpoints lie side by side in shared words", () => {
  const buffer = new SharedArrayBuffer(8 + 4 * 2 * endpointWords);
  const words = new Int32Array(buffer, 8);
  StoreEndpoint(words, 0, { Address: new IpAddress("127.0.0.1"), Port: 65_535 });
  expect(LoadEndpoint(words, endpointWords)).toBeNull();
  StoreEndpoint(words, endpointWords, { Address: new IpAddress("2001:db8::7"), Port: 0 });
  const loaded = [0, endpointWords].map((at) => LoadEndpoint(words, at));
  expect(loaded.map((endpoint) => endpoint?.Address.ToString())).toEqual([
    "127.0.0.1",
    "2001:db8::7",
  ]);
  expect(loaded.map((endpoint) => endpoint?.Port)).toEqual([65_535, 0]);
});

test("null changes nothing", () => {
  const words = new Int32Array(new SharedArrayBuffer(4 * endpointWords));
  StoreEndpoint(words, 0, null);
  expect(LoadEndpoint(words, 0)).toBeNull();
  StoreEndpoint(words, 0, { Address: new IpAddress("::1"), Port: 1 });
  StoreEndpoint(words, 0, null);
  expect(LoadEndpoint(words, 0)?.Port).toBe(1);
});
