/** Finds ports of this machine that are free. */
import { SocketError, TCPServer } from "moonwire/networking";

const host = "127.0.0.1";
/** How far to look above the wanted port. */
const maxTries = 50;

export class Ports {
  readonly #given = new Set<number>();

  /**
   * A free port, not given before.
   * @param what for the sentence, when another one has to do.
   * @param wanted 0..65535; 0 lets the system choose.
   * @param isFixed the person asked for exactly this one.
   * @returns null when it is taken and fixed, or nothing is free; a sentence was printed.
   */
  Choose(what: string, wanted: number, isFixed: boolean): number | null {
    const free = this.#find(wanted, isFixed ? 1 : maxTries);
    if (free === null) {
      console.error(`Port ${wanted} for the ${what} is taken. Choose another one or free it.`);
      return null;
    }
    if (wanted !== 0 && free !== wanted) {
      console.info(`Port ${wanted} for the ${what} is taken; ${free} is used instead.`);
    }
    this.#given.add(free);
    return free;
  }

  #find(wanted: number, tries: number): number | null {
    for (let port = wanted; port < wanted + tries && port <= 65_535; port++) {
      if (this.#given.has(port)) continue;
      const probe = new TCPServer();
      if (probe.Listen(port, host) !== SocketError.SUCCESS) continue;
      const found = probe.GetLocalPort();
      probe.Stop();
      return found;
    }
    return null;
  }
}
