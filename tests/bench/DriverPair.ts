/**
 * Two ends in this process between which packets go, as GridMate's driver carries them or as the
 * bare streams below it do: the same frames, u16 big-endian and bytes, without the driver.
 */
import { StreamPeerTCP, StreamPeerTLS, TCPServer, TLSOptions } from "moonwire/networking";
import { SocketError, Status } from "moonwire/networking";
import type { DriverAddress } from "moonwire/gridmate";
import { Driver, StreamSecureSocketDriver, StreamSocketDriver } from "moonwire/gridmate";
import type { BenchCertificate } from "./BenchCertificate.ts";

export interface PacketPair {
  /** Once per turn of the event loop. */
  Tick(): void;
  IsConnected(): boolean;
  /** @returns false when there is no room */
  Send(packet: Uint8Array): boolean;
  /** @returns a packet's length, or 0 when none is there */
  Receive(buffer: Uint8Array): number;
  End(): void;
}

/** Room enough for a turn's worth of packets, the same for all. */
const bufferBytes = 262_144;
const sizes = { InboundBufferSize: bufferBytes, OutboundBufferSize: bufferBytes };
const longest = 65_535;

export class DriverPair implements PacketPair {
  readonly #server: StreamSocketDriver;
  readonly #client: StreamSocketDriver;
  readonly #target: DriverAddress | null;

  constructor(certificate: BenchCertificate | null) {
    this.#server = driver(certificate, true);
    this.#client = driver(certificate, false);
    this.#server.StartListen(4);
    this.#target = this.#client.CreateDriverAddress(`127.0.0.1|${this.#server.GetPort()}`);
    this.#client.ConnectTo(this.#target);
  }

  Tick(): void {
    this.#client.Update();
    this.#server.Update();
  }

  IsConnected(): boolean {
    return this.#client.IsConnectedTo(this.#target) && this.#server.GetNumberOfConnections() === 1;
  }

  Send(packet: Uint8Array): boolean {
    return this.#client.Send(this.#target, packet) === Driver.EC_OK;
  }

  Receive(buffer: Uint8Array): number {
    return this.#server.Receive(buffer).Size;
  }

  End(): void {
    this.#client.Destroy();
    this.#server.Destroy();
  }
}

function driver(certificate: BenchCertificate | null, isServer: boolean): StreamSocketDriver {
  const where = [Driver.BSD_AF_INET, "127.0.0.1", 0] as const;
  if (certificate === null) {
    const plain = new StreamSocketDriver(1, longest, bufferBytes, bufferBytes);
    plain.Initialize(...where);
    return plain;
  }
  const secure = new StreamSecureSocketDriver(1, longest, bufferBytes, bufferBytes);
  const shown = { certificatePEM: certificate.Certificate, privateKeyPEM: certificate.PrivateKey };
  const desc = isServer ? shown : { certificateAuthorityPEM: certificate.Certificate };
  secure.InitializeSecurity(...where, 0, 0, desc);
  return secure;
}

export class StreamPair implements PacketPair {
  readonly #listener = new TCPServer(sizes);
  readonly #near = new StreamPeerTCP(sizes);
  #far: StreamPeerTCP | null = null;
  readonly #certificate: BenchCertificate | null;
  #in: StreamPeerTCP | StreamPeerTLS | null = null;
  #out: StreamPeerTCP | StreamPeerTLS | null = null;
  readonly #frame = new Uint8Array(2 + longest);
  #length = 0;

  constructor(certificate: BenchCertificate | null) {
    this.#certificate = certificate;
    this.#listener.Listen(0, "127.0.0.1");
    this.#near.ConnectToHost("127.0.0.1", this.#listener.GetLocalPort());
  }

  Tick(): void {
    this.#out?.Poll();
    this.#in?.Poll();
    if (this.#out === null || this.#in === null) this.#connect();
  }

  IsConnected(): boolean {
    const ends = [this.#in, this.#out];
    return ends.every((end) => end !== null && end.GetStatus() === Status.STATUS_CONNECTED);
  }

  Send(packet: Uint8Array): boolean {
    this.#frame[0] = packet.length >> 8;
    this.#frame[1] = packet.length & 0xff;
    this.#frame.set(packet, 2);
    const frame = this.#frame.subarray(0, 2 + packet.length);
    return this.#out?.PutData(frame) === SocketError.SUCCESS;
  }

  Receive(buffer: Uint8Array): number {
    if (this.#in === null) return 0;
    if (this.#length === 0) this.#length = this.#in.GetU16() ?? 0;
    if (this.#length === 0) return 0;
    const length = this.#length;
    if (this.#in.GetData(buffer.subarray(0, length)) !== SocketError.SUCCESS) return 0;
    this.#length = 0;
    return length;
  }

  End(): void {
    this.#near.Abort();
    this.#far?.Abort();
    this.#listener.Stop();
  }

  #connect(): void {
    this.#far ??= this.#listener.TakeConnection();
    if (this.#far === null || this.#near.GetStatus() !== Status.STATUS_CONNECTED) return;
    if (this.#certificate === null) {
      this.#in = this.#far;
      this.#out = this.#near;
    } else {
      const { Certificate, PrivateKey } = this.#certificate;
      this.#in = new StreamPeerTLS();
      this.#out = new StreamPeerTLS();
      this.#in.AcceptStream(this.#far, TLSOptions.Server(PrivateKey, Certificate));
      this.#out.ConnectToStream(this.#near, "", TLSOptions.ClientUnsafe(Certificate));
    }
    this.#in.BigEndian = true;
  }
}
