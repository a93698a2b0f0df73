/**
 * Signals of a service that takes a while to start: kept until there is somebody to obey them. Two
 * that ask for the end mean now, whether there is somebody or not.
 */

/** As much of `process` as it takes. */
export interface SignalSource {
  readonly pid: number;
  on(name: NodeJS.Signals, hear: () => void): unknown;
  off(name: NodeJS.Signals, hear: () => void): unknown;
  kill(pid: number, name: NodeJS.Signals): unknown;
  exit(code: number): void;
}

export class EarlySignals {
  readonly #source: SignalSource;
  #heard = false;
  #ends = 0;
  #hungUp = false;
  #onEnd: (() => void) | null = null;
  #onHangUp: (() => void) | null = null;

  constructor(source: SignalSource) {
    this.#source = source;
  }

  /** From now on SIGTERM, SIGINT and SIGHUP do not end the process. */
  Hear(): void {
    if (this.#heard) return;
    this.#heard = true;
    this.#source.on("SIGTERM", this.#end);
    this.#source.on("SIGINT", this.#end);
    this.#source.on("SIGHUP", this.#hangUp);
  }

  /** SIGTERM or SIGINT came. */
  IsEnding(): boolean {
    return this.#ends > 0;
  }

  /**
   * Whom to call from now on, and at once for what came before.
   * @param onEnd for the first SIGTERM or SIGINT.
   * @param onHangUp for each SIGHUP; null leaves it to the system, which ends the process.
   */
  Obey(onEnd: () => void, onHangUp: (() => void) | null): void {
    this.Hear();
    this.#onEnd = onEnd;
    this.#onHangUp = onHangUp;
    if (onHangUp === null) this.#source.off("SIGHUP", this.#hangUp);
    if (this.#hungUp && onHangUp === null) this.#source.kill(this.#source.pid, "SIGHUP");
    else if (this.#hungUp) onHangUp?.();
    if (this.#ends > 0) onEnd();
  }

  readonly #end = (): void => {
    this.#ends++;
    if (this.#ends > 1) this.#source.exit(1);
    else this.#onEnd?.();
  };

  readonly #hangUp = (): void => {
    this.#hungUp = true;
    this.#onHangUp?.();
  };
}

/** This process's. */
export const Signals = new EarlySignals(process);
