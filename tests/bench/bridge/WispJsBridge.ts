/** A wisp-js server in a process of its own, allowed to reach this machine. */
import { createServer } from "node:http";
import { logging, server as wisp } from "@mercuryworkshop/wisp-js/server";

wisp.options.allow_loopback_ips = true;
wisp.options.allow_private_ips = true;
logging.set_level(logging.NONE);
const server = createServer();
server.on("upgrade", (request, socket, head) => wisp.routeRequest(request, socket, head));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  process.send?.({ Kind: "listening", Port: port });
});
process.on("disconnect", () => process.exit(0));
