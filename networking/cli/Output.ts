/**
 * What a command says on stdout: a sentence for people, or with `--json` the same facts as one line
 * of JSON, for programs.
 */
import { Printable } from "./Report.ts";

export class Output {
  readonly #json: boolean;

  constructor(json: boolean) {
    this.#json = json;
  }

  Tell(sentence: string, facts: Readonly<Record<string, unknown>>): void {
    process.stdout.write(`${this.#json ? JSON.stringify(facts) : Printable(sentence)}\n`);
  }
}
