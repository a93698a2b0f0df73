/** The public face of `moonwire/engine`: a node tree, its loop, clocks, signals and a log. */

export type { Clock, FrameHandler } from "./Clock.ts";
export { FrameClock } from "./FrameClock.ts";
export type { FrameHost } from "./FrameClock.ts";
export { ConsoleSink, Log, LogLevel } from "./Log.ts";
export type { LogRecord, LogSink } from "./Log.ts";
export { MainLoop } from "./MainLoop.ts";
export type { MainLoopOptions } from "./MainLoop.ts";
export { ManualClock } from "./ManualClock.ts";
export { Node } from "./Node.ts";
export type { NodeClass } from "./Node.ts";
export { ProcessMode } from "./ProcessMode.ts";
export { SceneTree } from "./SceneTree.ts";
export type { SceneTreeOptions } from "./SceneTree.ts";
export type { SceneTreeTimer } from "./SceneTreeTimer.ts";
export { Signal } from "./Signal.ts";
export type { ConnectOptions, SignalHandler } from "./Signal.ts";
export { Timer } from "./Timer.ts";
export { TimerClock } from "./TimerClock.ts";
export type { TimerClockHost } from "./TimerClock.ts";
