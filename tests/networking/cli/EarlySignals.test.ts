import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { EarlySignals } from "../../../networking/cli/EarlySignals.ts";

class PlayedProcess extends EventEmitter {
  readonly pid = 7;
  readonly Told: string[] = [];

  kill(pid: number, name: string): void {
    this.Told.push(`kill ${pid} ${name}`);
  }

  exit(code: number): void {
    this.Told.push(`exit ${code}`);
  }
}

function made() {
  const source = new PlayedProcess();
  const signals = new EarlySignals(source);
  const obey = (hangUp = true) => {
    const onHangUp = () => source.Told.push("hang up");
    signals.Obey(() => source.Told.push("end"), hangUp ? onHangUp : null);
  };
  return { source, signals, obey };
}

test.each(["SIGTERM", "SIGINT"])("%s before there is somebody to obey is kept", (name) => {
  const { source, signals, obey } = made();
  signals.Hear();
  expect(signals.IsEnding()).toBe(false);
  source.emit(name);
  expect([signals.IsEnding(), source.Told]).toEqual([true, []]);
  obey();
  expect(source.Told).toEqual(["end"]);
});

test.each([true, false])("a second one means now; somebody to obey: %s", (obeyed) => {
  const { source, signals, obey } = made();
  if (obeyed) obey();
  else signals.Hear();
  source.emit("SIGINT");
  source.emit("SIGTERM");
  expect(source.Told).toEqual(obeyed ? ["end", "exit 1"] : ["exit 1"]);
});

test("SIGHUP is kept, and heard each time", () => {
  const { source, signals, obey } = made();
  signals.Hear();
  source.emit("SIGHUP");
  obey();
  source.emit("SIGHUP");
  expect([source.Told, signals.IsEnding()]).toEqual([["hang up", "hang up"], false]);
});

test("SIGHUP that nobody wants is the system's again, the one that came, too", () => {
  const { source, signals, obey } = made();
  signals.Hear();
  source.emit("SIGHUP");
  obey(false);
  expect([source.Told, source.listenerCount("SIGHUP")]).toEqual([["kill 7 SIGHUP"], 0]);
});

test("hearing twice is hearing once", () => {
  const { source, signals, obey } = made();
  signals.Hear();
  signals.Hear();
  obey();
  source.emit("SIGTERM");
  expect(source.Told).toEqual(["end"]);
});
