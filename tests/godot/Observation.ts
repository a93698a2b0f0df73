/** How a difference is observed: on a real Godot and on Moonwire, each told in words. */
import type { GodotStage, Meeting } from "./GodotStage.ts";
import type { GodotProgram } from "./GodotProgram.ts";

export interface Observation {
  readonly Godot: (stage: GodotStage) => Promise<string>;
  readonly Moonwire: (stage: GodotStage) => Promise<string> | string;
}

/** A program of Differences.gd that is connected to a Moonwire stream. */
export function MeetDifference(stage: GodotStage, play: string): Promise<Meeting> {
  return stage.Meet("Differences", play, "client");
}

/** A program of Differences.gd that needs no other side. @returns its result */
export function Alone(play: string): Observation["Godot"] {
  return async (stage) => {
    const program = await stage.Start("Differences", { Play: play, Port: 0, Role: "client" });
    return await Result(program);
  };
}

/** What a program found out, at its end. */
export async function Result<T = string>(program: GodotProgram): Promise<T> {
  const value = await program.Said<T>("result");
  await program.Exit();
  return value;
}
