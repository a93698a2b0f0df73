/** `moonwire/bridge`: the bridge as a library. */
export { BridgeLimits } from "./BridgeLimits.ts";
export { BridgeServer } from "./BridgeServer.ts";
export type { BridgeServerOptions } from "./BridgeServer.ts";
export type { ListenPlace } from "./ListenRule.ts";
export { Policy } from "./Policy.ts";
export type { Destination, PolicyOptions, Target } from "./Policy.ts";
