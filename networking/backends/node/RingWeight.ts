/**
 * Plain memory that stands for shared memory before the garbage collector.
 *
 * V8 does not count a SharedArrayBuffer: a socket weighs what its small objects weigh, and ended
 * sockets pile up with their rings until those alone are worth a collection (measured in Node 20:
 * 440 MiB resident where 50 sockets are open). So who holds rings on the network thread also holds
 * a share in plain memory of the same size, which is counted. Nobody ever touches that memory, so
 * the system never backs it with pages; shares are cut from large blocks, whose headers are few.
 *
 * The game thread goes without: more collections cost ticks, and games make garbage of their own.
 */

/** Sockets of the default size share a block by sevens. */
const blockBytes = 2 ** 20;

let block = new Uint8Array(0);
let left = 0;

/** Something to keep for as long as so many bytes of shared memory are kept. */
export function WeightOf(bytes: number): object {
  if (bytes >= blockBytes) return allocate(bytes);
  if (left < bytes) {
    block = allocate(blockBytes);
    left = blockBytes;
  }
  left -= bytes;
  return block;
}

/** Without zeroing, which would touch it. */
function allocate(bytes: number): Uint8Array<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes);
}
