/** What one connection of the soak does, as data. */
import { Command } from "./Payload.ts";

export interface Story {
  readonly Name: string;
  /** How often it is told, beside the others. */
  readonly Weight: number;
  readonly Target: "echo" | "flaky" | "closed" | "unknown";
  readonly Command: Command;
  /** Bytes to send, least and most. */
  readonly Bytes: readonly [number, number];
  /** Bytes that are read in a tick. */
  readonly ReadBytes: number;
  /** Ticks before anything is read. */
  readonly StallTicks: number;
  /**
   * How it ends, once all was sent: by a half close; by one after all came back; by a disconnect; a
   * reset, after half; or when the server ends it.
   */
  readonly Ending: "finish" | "finishAtLast" | "disconnect" | "abort" | "wait";
  /** All that was sent comes back, and then the server's end. */
  readonly IsWhole: boolean;
}

const plain: Story = {
  Name: "exchange",
  Weight: 8,
  Target: "echo",
  Command: Command.ECHO,
  Bytes: [1, 200_000],
  ReadBytes: 65_536,
  StallTicks: 0,
  Ending: "finish",
  IsWhole: true,
};

export const Stories: readonly Story[] = [
  plain,
  { ...plain, Name: "stall", Weight: 2, Bytes: [1e5, 3e5], StallTicks: 45, Ending: "finishAtLast" },
  { ...plain, Name: "slow reader", Weight: 2, Bytes: [1, 80_000], ReadBytes: 2_048 },
  { ...plain, Name: "deaf server", Weight: 2, Command: Command.DEAF, Bytes: [1e5, 3e5] },
  { ...plain, Name: "silent", Weight: 2, Bytes: [1, 1], StallTicks: 60, Ending: "finishAtLast" },
  { ...plain, Name: "leave", Weight: 3, Ending: "disconnect", IsWhole: false },
  { ...plain, Name: "abort", Weight: 3, Ending: "abort", IsWhole: false },
  {
    ...plain,
    Name: "kicked",
    Weight: 2,
    Command: Command.KICK,
    Bytes: [1e4, 1e5],
    Ending: "wait",
    IsWhole: false,
  },
  {
    ...plain,
    Name: "reset",
    Weight: 2,
    Command: Command.RESET,
    Bytes: [1e4, 1e5],
    Ending: "wait",
    IsWhole: false,
  },
  { ...plain, Name: "refused", Weight: 2, Target: "closed", IsWhole: false },
  { ...plain, Name: "unknown name", Weight: 1, Target: "unknown", IsWhole: false },
  { ...plain, Name: "flaky server", Weight: 3, Target: "flaky", Bytes: [1, 5_000], IsWhole: false },
];
