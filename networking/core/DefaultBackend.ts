/**
 * The one line that chooses a backend: package.json maps `#net-backend` to the network thread on
 * Node.js and to the bridge link in a page. Everything else in core takes a backend as an option.
 */
export { DefaultBackend } from "#net-backend";
