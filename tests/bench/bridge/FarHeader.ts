/** The first bytes of a connection to the benchmark's target: what it is for, and how many bytes. */
export const headerBytes = 9;

/** @param kind S: send me bytes. R: receive bytes from me and then say so. E: echo. */
export function FarHeader(kind: "S" | "R" | "E", count: number): Uint8Array {
  const bytes = Buffer.alloc(headerBytes);
  bytes.write(kind, "latin1");
  bytes.writeDoubleLE(count, 1);
  return bytes;
}
