/** What a page that is hidden is connected to: one end that sends a little, one all it can. */
import type { Socket } from "node:net";
import { FillPattern } from "../../bench/bridge/Pattern.ts";
import { PlainServer } from "../../Support/PlainPeer.ts";

const partBytes = 65_536;
const littleBytes = 40;
const littleEveryMs = 100;

/** How a connection is sent the pattern, until it is enough. */
abstract class Sender {
  /** So many bytes were given to the system, or wait for it. */
  Sent = 0;
  protected readonly Socket: Socket;

  constructor(socket: Socket) {
    this.Socket = socket;
  }

  /** Nothing more but FIN. */
  Finish(): void {
    this.Socket.end();
  }

  protected Write(count: number, done?: () => void): void {
    this.Socket.write(FillPattern(this.Sent, count), done);
    this.Sent += count;
  }
}

/** Sends ten small messages a second, as a server with little to tell. */
export class Little extends Sender {
  readonly #timer = setInterval(() => this.Write(littleBytes), littleEveryMs);

  constructor(socket: Socket) {
    super(socket);
    socket.once("close", () => clearInterval(this.#timer));
  }

  override Finish(): void {
    clearInterval(this.#timer);
    super.Finish();
  }
}

/** Sends as much as the system takes. */
export class Flood extends Sender {
  #isEnough = false;

  constructor(socket: Socket) {
    super(socket);
    this.#next();
  }

  override Finish(): void {
    this.#isEnough = true;
    super.Finish();
  }

  #next(): void {
    if (!this.#isEnough) this.Write(partBytes, () => this.#next());
  }
}

export class FarEnd {
  readonly #game: PlainServer;
  readonly #steady: PlainServer;

  private constructor(game: PlainServer, steady: PlainServer) {
    this.#game = game;
    this.#steady = steady;
  }

  static async Start(): Promise<FarEnd> {
    return new FarEnd(await PlainServer.Start(), await PlainServer.Start());
  }

  /** Where the page connects to. */
  get Query(): string {
    return `?game=${this.#game.Port}&steady=${this.#steady.Port}`;
  }

  /** Begins to send, once the page is there. */
  async Send(): Promise<{ flood: Flood; little: Little }> {
    const [game, steady] = [await this.#game.Peer(), await this.#steady.Peer()];
    return { flood: new Flood(game.Socket), little: new Little(steady.Socket) };
  }

  Stop(): void {
    this.#game.Stop();
    this.#steady.Stop();
  }
}
