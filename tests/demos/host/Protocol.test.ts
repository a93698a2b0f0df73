import { describe, expect, test } from "vitest";
import { Meadow } from "../../../demos/host/Meadow.ts";
import * as Protocol from "../../../demos/host/Protocol.ts";
import { Rules } from "../../../demos/host/Rules.ts";

describe("what a guest says", () => {
  test("its name comes clean", () => {
    expect(Protocol.DecodeGuest(Protocol.EncodeJoin("  Ada\u202e "))).toEqual({
      Kind: "join",
      Name: "Ada",
    });
  });

  test("a direction comes within one 127th, and never longer than 1 each way", () => {
    const message = Protocol.DecodeGuest(Protocol.EncodeSteer({ X: -3, Y: 0.5, Dash: true }));
    expect(message).toMatchObject({ Kind: "steer", Steer: { X: -1, Dash: true } });
    if (message?.Kind === "steer") expect(message.Steer.Y).toBeCloseTo(0.5, 2);
  });
});

describe("what a host says", () => {
  test("comes as it went", () => {
    expect(Protocol.DecodeHost(Protocol.EncodeWelcome(3))).toEqual({ Kind: "welcome", Id: 3 });
    expect(Protocol.DecodeHost(Protocol.EncodeFull())).toEqual({ Kind: "full" });
    const Names = new Map([
      [1, "Ada"],
      [8, "Grace ☾"],
    ]);
    expect(Protocol.DecodeHost(Protocol.EncodeNames(Names))).toEqual({ Kind: "names", Names });
  });

  test("a scene comes in whole units", () => {
    const meadow = new Meadow(() => 0.25);
    for (let i = 0; i < Rules.maxMoths; i++) meadow.Add();
    for (let i = 0; i < 50; i++) meadow.Step((id) => ({ X: id / 8, Y: -0.5, Dash: true }));
    const message = Protocol.DecodeHost(Protocol.EncodeScene(meadow));
    if (message?.Kind !== "scene") throw new Error("No scene came.");
    const { Scene } = message;
    expect([Scene.Tick, Scene.Winner, Scene.Moths.length]).toEqual([50, 0, Rules.maxMoths]);
    for (const [i, moth] of Scene.Moths.entries()) {
      expect(Math.abs(moth.X - meadow.Moths[i]!.X)).toBeLessThanOrEqual(0.5);
      expect(moth.Score).toBe(meadow.Moths[i]!.Score);
    }
    expect(Scene.Sparks).toHaveLength(meadow.Sparks.length);
  });
});

describe("garbage", () => {
  const whole: [string, Uint8Array, (bytes: Uint8Array) => unknown][] = [
    ["a join", Protocol.EncodeJoin("Ada"), Protocol.DecodeGuest],
    ["a direction", Protocol.EncodeSteer({ X: 0, Y: 0, Dash: false }), Protocol.DecodeGuest],
    ["a welcome", Protocol.EncodeWelcome(1), Protocol.DecodeHost],
    ["names", Protocol.EncodeNames(new Map([[1, "Ada"]])), Protocol.DecodeHost],
    ["a scene", Protocol.EncodeScene(new Meadow()), Protocol.DecodeHost],
  ];

  test.each(whole)("%s that is cut anywhere is null", (_name, bytes, decode) => {
    expect(decode(bytes)).not.toBeNull();
    for (let length = 0; length < bytes.length; length++) {
      const cut = decode(bytes.slice(0, length)) as { Names?: ReadonlyMap<number, string> } | null;
      expect(cut === null || cut.Names?.size === 0).toBe(true);
    }
  });

  test("of unknown kinds, another version and impossible counts is null", () => {
    expect(Protocol.DecodeGuest(Uint8Array.of(99))).toBeNull();
    expect(Protocol.DecodeHost(Uint8Array.of(99))).toBeNull();
    const join = Protocol.EncodeJoin("Ada");
    join[1] = 9;
    expect(Protocol.DecodeGuest(join)).toBeNull();
    const scene = Protocol.EncodeScene(new Meadow());
    scene[6] = Rules.maxMoths + 1;
    expect(Protocol.DecodeHost(scene)).toBeNull();
  });
});
