/** Makers of UDP peers on a test file's network. */
import type { NetSocketOptions } from "../../../networking/core/NetSocketOptions.ts";
import { PacketPeerUDP } from "../../../networking/core/PacketPeerUDP.ts";
import type { Network } from "../../Support/Network.ts";
import { Succeed } from "../../Support/Network.ts";

export class UdpPeers {
  readonly #network: Network;

  constructor(network: Network) {
    this.#network = network;
  }

  Peer(options: NetSocketOptions = {}): PacketPeerUDP {
    const made = new PacketPeerUDP({ Backend: this.#network.Backend, ...options });
    this.#network.Ending(() => made.Close());
    return made;
  }

  /** A peer at a port of the system's choice. */
  Bound(address = "127.0.0.1", recvBufferSize?: number): PacketPeerUDP {
    const made = this.Peer();
    Succeed(made.Bind(0, address, recvBufferSize));
    return made;
  }

  /** Two peers, each connected to the other. */
  Pair(address = "127.0.0.1"): [PacketPeerUDP, PacketPeerUDP] {
    const [a, b] = [this.Bound(address), this.Bound(address)];
    Succeed(a.ConnectToHost(address, b.GetLocalPort()));
    Succeed(b.ConnectToHost(address, a.GetLocalPort()));
    return [a, b];
  }
}

/** The next packet, waited for in this synchronous run. */
export function NextPacket(from: PacketPeerUDP): Uint8Array | null {
  Succeed(from.Wait(5_000));
  return from.GetPacket();
}
