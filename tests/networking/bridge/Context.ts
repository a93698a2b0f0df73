/** What a session's parts need, without a server around them. */
import { pino } from "pino";
import { BridgeCounters } from "../../../networking/bridge/BridgeCounters.ts";
import { BridgeLimits } from "../../../networking/bridge/BridgeLimits.ts";
import type { SessionContext } from "../../../networking/bridge/BridgeSession.ts";
import { MemoryBudget } from "../../../networking/mux/MemoryBudget.ts";
import { FrameBuffers } from "../../../networking/bridge/FrameBuffers.ts";
import { FloodLog } from "../../../networking/bridge/FloodLog.ts";
import { Policy } from "../../../networking/bridge/Policy.ts";
import type { PolicyOptions } from "../../../networking/bridge/Policy.ts";
import { TargetTls } from "../../../networking/bridge/TargetTls.ts";
import type { NetBackend } from "../../../networking/core/NetBackend.ts";

export const silent = pino({ level: "silent" });

/** A context of its own; policy and limits as for `--dev`, unless told otherwise. */
export function NewContext(
  Backend: NetBackend,
  limits: Partial<BridgeLimits> = {},
  policy: PolicyOptions = { Dev: true },
): SessionContext {
  const Limits = { ...BridgeLimits, ...limits };
  return {
    Backend,
    Policy: new Policy(policy),
    Limits,
    Memory: new MemoryBudget(Limits.processWindowBytes),
    Frames: new FrameBuffers(Limits.frameBuffers),
    Counters: new BridgeCounters(),
    Tls: new TargetTls("", Limits),
    Flood: new FloodLog(silent, Limits),
  };
}
