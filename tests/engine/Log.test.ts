import { afterEach, describe, expect, it, vi } from "vitest";
import { ConsoleSink, Log, LogLevel } from "../../engine/index.ts";
import { CaptureLog } from "./Helpers.ts";

describe("Log", () => {
  const lines = CaptureLog();
  afterEach(() => vi.restoreAllMocks());

  it("hands level, message and details to the sink", () => {
    const cause = new Error("cable");
    Log.Error("It broke.", cause);
    expect(lines).toEqual([{ Level: LogLevel.ERROR, Message: "It broke.", Details: [cause] }]);
  });

  it.each([
    [LogLevel.DEBUG, ["d", "i", "w", "e"]],
    [LogLevel.INFO, ["i", "w", "e"]],
    [LogLevel.WARN, ["w", "e"]],
    [LogLevel.ERROR, ["e"]],
    [LogLevel.NONE, []],
  ])("at level %i shows that level and above", (level, shown) => {
    Log.Level = level;
    Log.Debug("d");
    Log.Info("i");
    Log.Warn("w");
    Log.Error("e");
    expect(lines.map((line) => line.Message)).toEqual(shown);
  });

  it("writes to the console method that fits the level", () => {
    Log.Sink = ConsoleSink;
    const written: string[] = [];
    for (const method of ["debug", "info", "warn", "error"] as const) {
      vi.spyOn(console, method).mockImplementation((text) => written.push(`${method} ${text}`));
    }
    Log.Debug("a");
    Log.Info("b");
    Log.Warn("c");
    Log.Error("d");
    expect(written).toEqual(["debug a", "info b", "warn c", "error d"]);
  });

  it("writes the line to the console when the sink throws, and does not throw itself", () => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    Log.Sink = () => {
      throw new Error("disk full");
    };
    Log.Error("Important.");
    expect(error.mock.calls[0]?.[0]).toBe("Important.");
    expect(error.mock.calls[1]?.[0]).toBe("The log sink threw.");
  });
});
