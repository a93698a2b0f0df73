/**
 * Which synchronous run of JavaScript this is: a number that a microtask advances.
 *
 * Everything that one `Process` pass does happens in one run, so "poll once per run" means once per
 * tick without anything having to be registered with the engine. A script that spins in one run
 * without returning to the event loop stays in the same turn, and calls `Poll()` itself.
 */
let turn = 1;
let advancing = false;

function advance(): void {
  turn++;
  advancing = false;
}

/** The number of the current synchronous run; it never repeats in practice (2^53 runs). */
export function CurrentTurn(): number {
  if (!advancing) {
    advancing = true;
    void Promise.resolve().then(advance);
  }
  return turn;
}
