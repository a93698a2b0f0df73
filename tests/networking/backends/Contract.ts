/**
 * One contract for every backend: the promises of StreamPeerTCP, TCPServer, Resolver and
 * PacketPeerStream, run on the memory, the node and the web backend. The cases are written once;
 * what a backend cannot do, or does in its own way, is data in its harness (`Traits`).
 */
import { describe } from "vitest";
import { AcceptingCases } from "./contract/Accepting.ts";
import { BindingCases, NoBindingCases } from "./contract/Binding.ts";
import { BlockingCases, NoBlockingCases } from "./contract/Blocking.ts";
import { ConnectFailureCases } from "./contract/ConnectFailures.ts";
import { ConnectingCases } from "./contract/Connecting.ts";
import { DatagramEndCases } from "./contract/DatagramEnds.ts";
import { DatagramSocketCases } from "./contract/DatagramSockets.ts";
import { DatagramCases } from "./contract/Datagrams.ts";
import { EndingCases } from "./contract/Endings.ts";
import { FullCases } from "./contract/Full.ts";
import type { Harness } from "./contract/Harness.ts";
import { LatchingCases, WaitingRunCases } from "./contract/Latching.ts";
import { LeavingCases } from "./contract/Leaving.ts";
import { ListeningCases, PlaceCases } from "./contract/Listening.ts";
import { BridgedListeningCases, ListeningLaterCases } from "./contract/ListeningLater.ts";
import { LongWaitCases } from "./contract/LongWaits.ts";
import { NameCases } from "./contract/Names.ts";
import { NetSocketCases } from "./contract/NetSockets.ts";
import { NoDatagramCases } from "./contract/NoDatagrams.ts";
import { NoTlsCases } from "./contract/NoTls.ts";
import { PacketCases } from "./contract/Packets.ts";
import { ReadingCases } from "./contract/Reading.ts";
import { ReconnectingCases } from "./contract/Reconnecting.ts";
import type { Scene } from "./contract/Scene.ts";
import { UseScene } from "./contract/Scene.ts";
import { StateCases } from "./contract/States.ts";
import { StatisticsCases } from "./contract/Statistics.ts";
import { TlsCases } from "./contract/Tls.ts";
import { ValueCases } from "./contract/Values.ts";
import { GettingLaterCases, PuttingLaterCases, StatusLaterCases } from "./contract/Waiting.ts";
import { WritingCases } from "./contract/Writing.ts";

type Part = [string, (scene: Scene) => void];

const forAll: Part[] = [
  ["names", NameCases],
  ["connecting", ConnectingCases],
  ["failing to connect", ConnectFailureCases],
  ["connecting again", ReconnectingCases],
  ["the statuses", StateCases],
  ["latching", LatchingCases],
  ["reading", ReadingCases],
  ["writing", WritingCases],
  ["the peer's end", EndingCases],
  ["our end", LeavingCases],
  ["full buffers", FullCases],
  ["GetDataAsync", GettingLaterCases],
  ["PutDataAsync", PuttingLaterCases],
  ["WaitStatus", StatusLaterCases],
  ["typed values", ValueCases],
  ["packets", PacketCases],
  ["a socket", NetSocketCases],
  ["statistics", StatisticsCases],
];

const withUdp: Part[] = [
  ["datagrams", DatagramCases],
  ["the ends of datagrams", DatagramEndCases],
  ["a socket for UDP", DatagramSocketCases],
];
const withoutUdp: Part[] = [["no datagrams", NoDatagramCases]];

export function RunContract(harness: Harness): void {
  const { Bind, Blocking, SynchronousListen, Tls, Udp } = harness.Traits.Capabilities;
  const parts: Part[] = [
    ...forAll,
    ["Bind", Bind ? BindingCases : NoBindingCases],
    ["BlockingTimeout", Blocking ? BlockingCases : NoBlockingCases],
    ["Listen", SynchronousListen ? ListeningCases : ListeningLaterCases],
    ["TakeConnection", AcceptingCases],
    ...(Udp ? withUdp : withoutUdp),
  ];
  if (!SynchronousListen) {
    parts.push(
      Bind ? ["Listen, where", PlaceCases] : ["Listen, by a bridge", BridgedListeningCases],
    );
  }
  parts.push(Tls ? ["TLS", TlsCases] : ["no TLS", NoTlsCases]);
  if (harness.Traits.LongWaits) parts.push(["long waits", LongWaitCases]);
  if (Blocking) parts.push(["a run that waits", WaitingRunCases]);
  const scene = UseScene(harness);
  describe(`contract, ${harness.Traits.Name}`, () => {
    describe.each(parts)("%s", (_name, cases) => {
      cases(scene);
    });
  });
}
