/** Waiting in tests: for a condition, with a ceiling, never for a length of time. */

const ceilingMs = 8_000;

/**
 * Looks again each millisecond; fails with a sentence when `holds` does not come true in time.
 * @param turn between two looks, where a timer is not the way to wait for a millisecond.
 */
export async function WaitFor(
  holds: () => boolean,
  what: string,
  turn: () => Promise<void> = () => NextRun(1),
): Promise<void> {
  const end = performance.now() + ceilingMs;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Waited ${ceilingMs} ms in vain for ${what}.`);
    await turn();
  }
}

/** Lets the event loop turn, so that a new synchronous run begins. */
export function NextRun(afterMs = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, afterMs));
}
