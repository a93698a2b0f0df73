/**
 * One block of memory that calls borrow when they need their bytes side by side for a moment.
 *
 * Thousands of peers share it, because only the one that is in a call uses it; a script that polls
 * for a long text allocates nothing until the text is there. A call inside a call (a stream that
 * runs over packets) gets a block of its own, and the larger one is kept. A block that is never
 * given back is only garbage.
 *
 * Limit: the block stays as large as the largest request, and each caller bounds its requests.
 */
let spare: Uint8Array<ArrayBuffer> | null = null;

/** @returns a block of at least `bytes` bytes with unknown content, for the length of one call. */
export function TakeScratch(bytes: number): Uint8Array<ArrayBuffer> {
  if (spare === null || spare.length < bytes) return new Uint8Array(bytes);
  const block = spare;
  spare = null;
  return block;
}

/** Ends the use of a block from `TakeScratch`. */
export function GiveScratch(block: Uint8Array<ArrayBuffer>): void {
  if (spare === null || spare.length < block.length) spare = block;
}
