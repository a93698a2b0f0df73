/** `moonwire/bridge`: the bridge as a library. */
export { BridgeLimits } from "./BridgeLimits.ts";
export type { BridgeCertificate, BridgeServerOptions } from "./BridgeOptions.ts";
export { BridgeServer } from "./BridgeServer.ts";
export type { ListenPlace } from "./ListenRule.ts";
export { Policy } from "./Policy.ts";
export type { Destination, PolicyOptions, Target } from "./Policy.ts";
export { MintTicket } from "./Ticket.ts";
export type { TicketOptions, TicketScope } from "./Ticket.ts";
export { TicketKey } from "./TicketKey.ts";
