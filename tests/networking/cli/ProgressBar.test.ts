import { describe, expect, test } from "vitest";
import { ProgressBar, ProgressLine } from "../../../networking/cli/ProgressBar.ts";

class FakeTerminal {
  Text = "";
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY = true, columns = 80) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.Text += text;
  }
}

describe("the line", () => {
  test.each([
    [0, 1_000, 0, "  0 %  0 B of 1.0 kB  0 B/s"],
    [250, 1_000, 500, " 25 %  250 B of 1.0 kB  500 B/s  2 s left"],
    [999, 1_000, 1_000, " 99 %  999 B of 1.0 kB  999 B/s  1 s left"],
    [2_500_000, 5_000_000, 1_000, " 50 %  2.5 MB of 5.0 MB  2.5 MB/s  1 s left"],
    [0, 0, 10, "100 %  0 B of 0 B  0 B/s"],
  ])("%d of %d bytes after %d ms", (done, size, elapsedMs, text) => {
    expect(ProgressLine(done, size, elapsedMs, 40)).toContain(text.slice(0, 39));
    const [, bar = ""] = /^\[(.*)\] (.*)$/.exec(ProgressLine(done, size, elapsedMs, 200)) ?? [];
    expect(bar).toHaveLength(40);
    expect(bar.lastIndexOf("#") + 1).toBe(size === 0 ? 40 : Math.floor((done / size) * 40));
  });

  test("never fills the last column, where some terminals wrap", () => {
    for (let columns = 1; columns <= 120; columns++) {
      const line = ProgressLine(123_456_789, 987_654_321, 12_345, columns);
      expect(line.length).toBeLessThan(columns);
    }
  });
});

describe("the bar", () => {
  test("draws over itself, at most ten times a second", () => {
    const terminal = new FakeTerminal();
    const bar = new ProgressBar(terminal, 0);
    for (let now = 0; now <= 1_000; now += 10) bar.Show(now, 1_000, now);
    expect(terminal.Text.split("\r")).toHaveLength(1 + 11);
    bar.Clear();
    expect(terminal.Text.endsWith("\r\u001b[K")).toBe(true);
  });

  test("knows no width: 80 columns", () => {
    const terminal = new FakeTerminal(true, 0);
    new ProgressBar(terminal, 0).Show(1, 2, 1);
    expect(terminal.Text).toContain("50 %");
  });

  test("writes nothing where no person looks, and clears only what it drew, once", () => {
    const file = new FakeTerminal(false);
    const terminal = new FakeTerminal();
    const unseen = new ProgressBar(file, 0);
    unseen.Show(1, 2, 1_000);
    unseen.Clear();
    const bar = new ProgressBar(terminal, 0);
    bar.Clear();
    expect([file.Text, terminal.Text]).toEqual(["", ""]);
    bar.Show(1, 2, 1_000);
    bar.Clear();
    const drawn = terminal.Text;
    bar.Clear();
    expect(terminal.Text).toBe(drawn);
  });
});
