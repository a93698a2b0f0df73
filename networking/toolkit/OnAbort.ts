/**
 * Listens to an AbortSignal for many at once: one listener per signal, because Node.js warns of a
 * leak from the eleventh on, and a hundred sends with one signal are none.
 */
const handlersOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * @param signal one that has not aborted.
 * @returns ends the listening
 */
export function OnAbort(signal: AbortSignal, handler: () => void): () => void {
  const handlers = handlersOf.get(signal) ?? begin(signal);
  const own = (): void => handler();
  handlers.add(own);
  return () => void handlers.delete(own);
}

function begin(signal: AbortSignal): Set<() => void> {
  const handlers = new Set<() => void>();
  handlersOf.set(signal, handlers);
  signal.addEventListener(
    "abort",
    () => {
      for (const handler of handlers) handler();
    },
    { once: true },
  );
  return handlers;
}
