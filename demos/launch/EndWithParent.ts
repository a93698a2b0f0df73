/**
 * Preloaded into every child of the launcher (`--import`): when the launcher is gone, even killed
 * hard, its IPC channel closes, and the child ends as if it had got SIGTERM, or by force a little
 * later.
 */
const graceMs = 1_500;

process.once("disconnect", () => {
  setTimeout(() => process.exit(1), graceMs).unref();
  process.kill(process.pid, "SIGTERM");
});
// Listening must not keep a child alive that has nothing else to do.
process.channel?.unref();
