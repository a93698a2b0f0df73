/**
 * One contract for every backend: the promises of StreamPeerTCP, TCPServer, Resolver and
 * PacketPeerStream, run on the memory, the node and the web backend. The cases are written once;
 * what a backend cannot do, or does in its own way, is data in its harness (`Traits`).
 */
import { describe } from "vitest";
import { ConnectFailureCases } from "./contract/ConnectFailures.ts";
import { ConnectingCases } from "./contract/Connecting.ts";
import { EndingCases } from "./contract/Endings.ts";
import { FullCases } from "./contract/Full.ts";
import { LatchingCases } from "./contract/Latching.ts";
import { LeavingCases } from "./contract/Leaving.ts";
import { ReadingCases } from "./contract/Reading.ts";
import { ReconnectingCases } from "./contract/Reconnecting.ts";
import { StateCases } from "./contract/States.ts";
import { WritingCases } from "./contract/Writing.ts";
import { AcceptingCases } from "./contract/Accepting.ts";
import { BindingCases } from "./contract/Binding.ts";
import { BlockingCases } from "./contract/Blocking.ts";
import { ListeningCases } from "./contract/Listening.ts";
import { NameCases } from "./contract/Names.ts";
import { PacketCases } from "./contract/Packets.ts";
import { ValueCases } from "./contract/Values.ts";
import { WaitingCases } from "./contract/Waiting.ts";
import type { Harness } from "./contract/Harness.ts";
import { UseScene } from "./contract/Scene.ts";

export function RunContract(harness: Harness): void {
  const scene = UseScene(harness);
  describe(`contract, ${harness.Traits.Name}`, () => {
    NameCases(scene);
    ConnectingCases(scene);
    ConnectFailureCases(scene);
    ReconnectingCases(scene);
    StateCases(scene);
    LatchingCases(scene);
    ReadingCases(scene);
    WritingCases(scene);
    EndingCases(scene);
    LeavingCases(scene);
    FullCases(scene);
    BindingCases(scene);
    ListeningCases(scene);
    AcceptingCases(scene);
    BlockingCases(scene);
    WaitingCases(scene);
    ValueCases(scene);
    PacketCases(scene);
  });
}
