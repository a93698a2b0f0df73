/** Where the other end of a connection is; prints as "127.0.0.1:8080" or "[::1]:8080". */
export class PeerAddress {
  /** An address in text form, or the name that was connected to. */
  readonly Host: string;
  /** 1..65535 */
  readonly Port: number;

  constructor(host: string, port: number) {
    this.Host = host;
    this.Port = port;
  }

  ToString(): string {
    return this.Host.includes(":") ? `[${this.Host}]:${this.Port}` : `${this.Host}:${this.Port}`;
  }

  toString(): string {
    return this.ToString();
  }
}
