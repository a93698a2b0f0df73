/**
 * The page's way to the far end, which lives in Node.js: a synchronous request per call. The page
 * stands still meanwhile, so to the suite's cases a far peer in another process acts as at once as
 * one in their own.
 */

/** An object of the far end. */
export interface FarHandle {
  readonly Far: number;
}

export class FarCall {
  readonly #url: string;

  /** @param url of the FarService. */
  constructor(url: string) {
    this.#url = url;
  }

  /**
   * Calls a method of an object of the far end, or reads a property. Waits for what it promises.
   * @param values its arguments. @param data one more argument, of bytes.
   * @returns plain data, a FarHandle for an object that stays there, bytes as base64.
   */
  Ask(far: number, member: string, values: readonly unknown[] = [], data?: Uint8Array): unknown {
    const request = new XMLHttpRequest();
    const call = encodeURIComponent(JSON.stringify([far, member, ...values]));
    request.open("POST", `${this.#url}?${call}`, false);
    request.send(data === undefined ? null : new Uint8Array(data));
    const text = request.responseText;
    if (request.status !== 200) throw new Error(`The far end's ${member} failed: ${text}`);
    return JSON.parse(text);
  }
}
