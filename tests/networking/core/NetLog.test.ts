import { expect, test, vi } from "vitest";
import { NetLog, SetNetLog } from "../../../networking/core/NetLog.ts";
import { CaptureNetLog } from "../../Support/NetLogLines.ts";

const log = CaptureNetLog();

test("lines go to the sink, by their level", () => {
  NetLog.Info("one");
  NetLog.Warn("two");
  NetLog.Error("three");
  expect(log).toEqual(["info one", "warn two", "error three"]);
});

test("WarnOnce says each text once in the process", () => {
  NetLog.WarnOnce("said once");
  NetLog.WarnOnce("said once");
  NetLog.WarnOnce("another");
  expect(log).toEqual(["warn said once", "warn another"]);
});

test("without a sink the console is used", () => {
  SetNetLog(null);
  const spies = (["info", "warn", "error"] as const).map((level) =>
    vi.spyOn(console, level).mockImplementation(() => undefined),
  );
  NetLog.Info("a");
  NetLog.Warn("b");
  NetLog.Error("c");
  expect(spies.map((spy) => spy.mock.calls)).toEqual([[["a"]], [["b"]], [["c"]]]);
  for (const spy of spies) spy.mockRestore();
});
