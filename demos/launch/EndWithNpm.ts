/**
 * `npm start` and `npm run` pass SIGTERM on to the shell that runs the script, and no shell passes
 * it on to node. What shows here is another parent process, so that is looked for twice a second.
 * A program that npm did not start may outlive its parent, as with nohup.
 */
const lookEveryMs = 500;

/** @param end called once, when npm's shell is gone; never where npm did not start this. */
export function EndWithNpm(end: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return;
  const shell = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(timer);
    end();
  }, lookEveryMs);
  timer.unref();
}
