import { expect, test } from "vitest";
import { CloseReason, Status } from "../../../../networking/core/Status.ts";
import { Pattern, ReadAll, StatusOf, World } from "./World.ts";

test("connect, bytes both ways, an orderly end", () => {
  const world = new World();
  const { client, server } = world.Pair();
  expect(client.GetConnectedHost().ToString()).toBe("10.0.0.2");
  expect(server.GetConnectedHost().ToString()).toBe("10.0.0.1");
  expect(server.GetConnectedPort()).toBe(client.GetLocalPort());
  client.PutData(Pattern(5_000));
  server.PutUtf8String("hello");
  expect(server.GetAvailableBytes()).toBe(0);
  world.Until(() => server.GetAvailableBytes() === 5_000, "the bytes");
  expect(ReadAll(server)).toEqual(Pattern(5_000));
  expect(client.GetUtf8String()).toBe("hello");
  client.PutData(Pattern(3));
  client.DisconnectFromHost();
  world.Until(() => server.GetAvailableBytes() === 3, "the last bytes");
  world.Network.Advance(10);
  expect(StatusOf(server)).toBe(Status.STATUS_CONNECTED);
  expect(ReadAll(server)).toEqual(Pattern(3));
  expect(StatusOf(server)).toBe(Status.STATUS_NONE);
  expect(server.GetCloseReason()).toBe(CloseReason.PEER);
  world.ExpectGivenBack();
});
