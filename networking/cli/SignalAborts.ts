/** For commands that send: SIGINT and SIGTERM end what is under way, which then has failed. */
export function SignalAborts(): AbortSignal {
  const end = new AbortController();
  const onSignal = (name: string): void => end.abort(new Error(`${name} came.`));
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  return end.signal;
}
