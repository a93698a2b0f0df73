/**
 * The one line that chooses a backend: package.json maps `#net-backend` to sockets on Node.js and
 * to the bridge link in a page. Everything else in core takes a backend as an option.
 *
 * On Node.js the sockets of `DefaultBackend` live on the network thread, beside a game loop; those
 * of `InlineBackend` on the caller's own, a hop nearer, for what does little but carry bytes (the
 * bridge). In a page the two are the same.
 */
export { DefaultBackend, InlineBackend } from "#net-backend";
