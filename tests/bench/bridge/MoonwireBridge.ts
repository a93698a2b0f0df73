/** A Moonwire bridge in a process of its own, without the rates that would end a benchmark. */
import { pino } from "pino";
import { BridgeServer } from "../../../networking/bridge/BridgeServer.ts";

const many = 1e6;
const server = new BridgeServer({
  Port: 0,
  Dev: true,
  Logger: pino({ level: "silent" }),
  Limits: { connectsPerSecond: many, connectsBurst: many, endsPerSecond: many, endsBurst: many },
});
await server.Start();
process.send?.({ Kind: "listening", Port: server.Port() });
process.on("disconnect", () => process.exit(0));
