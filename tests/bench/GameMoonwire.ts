/**
 * The same game as GameNet.ts on Moonwire: a TCPServerNode in a SceneTree that a TimerClock
 * ticks.
 */
import { MainLoop, SceneTree, TimerClock } from "moonwire/engine";
import type { StreamPeerTCP } from "moonwire/networking";
import { TCPServerNode } from "moonwire/networking";
import { answerBytes, inputBytes } from "./Messages.ts";
import { TickMeter } from "./TickMeter.ts";

const rate = Number(process.argv[2]);
const meter = new TickMeter();
const input = new Uint8Array(inputBytes);
const answer = new Uint8Array(answerBytes);

function onData(peer: StreamPeerTCP): void {
  while (peer.GetAvailableBytes() >= inputBytes) {
    peer.GetPartialData(input);
    for (let i = 0; i < 8; i++) answer[i] = input[i] as number;
    peer.PutPartialData(answer);
  }
}

/** A tree whose ticks are measured. */
class MeasuredTree extends SceneTree {
  override Tick(delta: number): void {
    meter.Measure(() => super.Tick(delta));
  }
}

const tree = new MeasuredTree();
const server = new TCPServerNode();
server.BindAddress = "127.0.0.1";
server.Backlog = 4_096;
server.DataReceived.Connect(onData);
tree.Root.AddChild(server);
new MainLoop(tree, new TimerClock(rate)).Start();
process.send?.({ Kind: "listening", Port: server.GetLocalPort() });
meter.Serve();
