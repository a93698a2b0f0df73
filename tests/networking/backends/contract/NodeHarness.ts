/**
 * The contract suite's harness for real sockets: a network thread, or none, and plain sockets far
 * away.
 */
import { NodeBackend } from "../../../../networking/backends/node/NodeBackend.ts";
import type { TLSClientSettings } from "../../../../networking/core/TLSOptions.ts";
import { TLSOptions } from "../../../../networking/core/TLSOptions.ts";
import { Certificates } from "../../../Support/Certificates.ts";
import { SilentListener } from "../../../Support/SilentListener.ts";
import { WaitFor } from "../../../Support/WaitFor.ts";
import { DgramFar } from "./DgramFar.ts";
import type {
  FarCertificate,
  FarDatagrams,
  FarPeer,
  FarServer,
  Harness,
  Place,
  Traits,
} from "./Harness.ts";
import { ConnectPlainFar, PlainFarServer } from "./PlainFar.ts";
import { TlsFarServer } from "./TlsFar.ts";

export class NodeHarness implements Harness {
  readonly Traits: Traits;
  readonly Backend: NodeBackend;
  #silent: Promise<SilentListener> | null = null;

  /** @param ownThread as `NodeBackendOptions.OwnThread` */
  constructor(ownThread = true) {
    this.Backend = new NodeBackend({ OwnThread: ownThread });
    this.Traits = {
      Name: "node",
      Capabilities: {
        Blocking: ownThread,
        SynchronousListen: ownThread,
        Listen: true,
        Bind: true,
        Udp: ownThread,
        Tls: true,
        LocalAddresses: true,
      },
      CountsDropped: true,
      LongWaits: false,
      ConnectTimeouts: [
        { OptionMs: 1, ExpectedMs: 1 },
        { OptionMs: 150, ExpectedMs: 150 },
      ],
      UnknownName: "no-such-host.invalid",
    };
  }

  FarServer(host: string, reading: boolean): Promise<FarServer> {
    return PlainFarServer.Start(host, reading);
  }

  FarClient(port: number, host: string): FarPeer {
    return ConnectPlainFar(port, host);
  }

  FarDatagrams(host: string): Promise<FarDatagrams> {
    return DgramFar.Start(host);
  }

  TlsServer(which: FarCertificate): Promise<FarServer> {
    return TlsFarServer.Start(which);
  }

  TlsClient(more: TLSClientSettings = {}): TLSOptions {
    return TLSOptions.Client(Certificates().Ca.Certificate, more);
  }

  async Silent(): Promise<Place> {
    this.#silent ??= SilentListener.Start();
    return { Host: "127.0.0.1", Port: (await this.#silent).Port };
  }

  Until(holds: () => boolean, what: string): Promise<void> {
    return WaitFor(holds, what);
  }

  Held(): number {
    return this.Backend.HeldCount();
  }

  async End(): Promise<void> {
    await (await this.#silent)?.Stop();
    await this.Backend.Terminate();
  }
}
