/** Values of command line flags that all demo programs share. */
import { InvalidArgumentError } from "commander";

/** For `--port` and its kin. @returns 0..65535, 0 meaning that the system chooses. */
export function ParsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a whole number from 0 to 65535.");
}

/** For counts. @returns 1..max */
export function ParseCount(max: number): (text: string) => number {
  return (text) => {
    const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (count >= 1 && count <= max) return count;
    throw new InvalidArgumentError(`This is a whole number from 1 to ${max}.`);
  };
}
