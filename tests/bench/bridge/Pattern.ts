/** Bytes that tell where in a transfer they belong: a period of a prime length never lines up. */
const period = 65_521;
const maxPiece = 65_536;
const bytes = Uint8Array.from({ length: period + maxPiece }, (_, i) => {
  const at = i % period;
  return (at * 31 + (at >> 8)) & 0xff;
});

/** @param offset in the whole transfer. @param count at most 65,536. Shared memory: not to write. */
export function FillPattern(offset: number, count: number): Uint8Array {
  const start = offset % period;
  return bytes.subarray(start, start + count);
}

/** Whether `piece` is what belongs at `offset`. */
export function IsPattern(piece: Uint8Array, offset: number): boolean {
  for (let at = 0; at < piece.length; at += maxPiece) {
    const part = piece.subarray(at, at + maxPiece);
    if (Buffer.compare(part, FillPattern(offset + at, part.length)) !== 0) return false;
  }
  return true;
}
