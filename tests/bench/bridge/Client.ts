/** What the rows need of a client of any bridge, so that each row is written once. */

/** One stream to the target. The handlers are set before anything is sent. */
export interface Line {
  OnBytes: (bytes: Uint8Array) => void;
  OnEnd: () => void;
  /** Resolves when the client would take more. */
  Send(bytes: Uint8Array): Promise<void>;
  /** Stops to read, in the way that this client's users can. */
  Pause(): void;
  Resume(): void;
  Close(): void;
}

/** The streams of one page. */
export interface Client {
  Open(): Promise<Line>;
  Close(): void;
}

/** A bridge that runs, and how its own client gets to it. */
export interface Contender {
  readonly Name: string;
  /** The bridge's process; its children count to it. */
  readonly Pid: number;
  Connect(): Promise<Client>;
  Stop(): Promise<void>;
}

/** A promise that somebody else resolves, again and again. */
export class Bell {
  #ring: () => void = () => undefined;
  #next = Promise.resolve();

  constructor() {
    this.#renew();
  }

  Wait(): Promise<void> {
    return this.#next;
  }

  readonly Ring = (): void => {
    this.#ring();
    this.#renew();
  };

  #renew(): void {
    this.#next = new Promise((resolve) => (this.#ring = resolve));
  }
}
