/**
 * One contract for every backend: the promises of StreamPeerTCP, TCPServer, Resolver and
 * PacketPeerStream, run on the memory, the node and the web backend. The cases are written once;
 * what a backend cannot do, or does in its own way, is data in its harness (`Traits`).
 */
import { describe } from "vitest";
import { ConnectingCases } from "./contract/Connecting.ts";
import type { Harness } from "./contract/Harness.ts";
import { UseScene } from "./contract/Scene.ts";

export function RunContract(harness: Harness): void {
  const scene = UseScene(harness);
  describe(`contract, ${harness.Traits.Name}`, () => {
    ConnectingCases(scene);
  });
}
