/** Collects the log lines of `networking/` for the tests of a file, in place of printing them. */
import { afterEach, beforeEach } from "vitest";
import { SetNetLog } from "../../networking/core/NetLog.ts";

export function CaptureNetLog(): string[] {
  const lines: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    SetNetLog({
      Info: (text) => lines.push(`info ${text}`),
      Warn: (text) => lines.push(`warn ${text}`),
      Error: (text) => lines.push(`error ${text}`),
    });
  });
  afterEach(() => SetNetLog(null));
  return lines;
}
