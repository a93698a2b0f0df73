/**
 * The floor under a server of silent players: no nodes, nothing but a loop that takes connections
 * and polls each stream once per tick.
 */
import type { StreamPeerTCP } from "moonwire/networking";
import { TCPServer } from "moonwire/networking";
import { TickMeter } from "./TickMeter.ts";

const rate = Number(process.argv[2]);
const meter = new TickMeter();
const peers: StreamPeerTCP[] = [];
const server = new TCPServer();
server.Listen(0, "127.0.0.1", 4_096);
process.send?.({ Kind: "listening", Port: server.GetLocalPort() });
meter.Serve();

function tick(): void {
  for (let peer = server.TakeConnection(); peer !== null; peer = server.TakeConnection()) {
    peers.push(peer);
  }
  for (const peer of peers) peer.Poll();
}

let due = performance.now();
function loop(): void {
  meter.Measure(tick);
  due += 1_000 / rate;
  setTimeout(loop, Math.max(0, due - performance.now()));
}
loop();
