/**
 * A pilot at the keyboard of an arena page: looks at the page's handle, presses real keys, looks
 * again. It chases a ship that stands still, until a condition holds.
 */
import type { Page } from "playwright";
import { OffsetAngle, OffsetX, OffsetY, Rules } from "../../demos/arena/Rules.ts";
import type { ArenaHandle } from "../../demos/arena/page/Handle.ts";

export type Seen = ArenaHandle["Ships"][number];

/** What the page knows now, as plain data. */
export function Look(page: Page): Promise<ArenaHandle> {
  return page.evaluate(() => {
    const { Status, OwnId, Tick, RoundTripMs, Ships } = window.moonwireArena!;
    return { Status, OwnId, Tick, RoundTripMs, Ships };
  });
}

export function ShipNamed(handle: ArenaHandle, name: string): Seen {
  const ship = handle.Ships.find(({ Name }) => Name === name);
  if (ship === undefined) throw new Error(`${name} does not fly: ${JSON.stringify(handle.Ships)}`);
  return ship;
}

/** Shots fly 646 units; from here nearly all of them hit. */
const fireRange = 320;
/** A turn of one step moves the aim by this much, so it cannot be better than half of it. */
const aimError = Rules.turnPerStep * 0.6;
const ceilingMs = 60_000;

/** Chases `prey` and fires when it is near and ahead, until `isDone`. */
export async function Hunt(
  page: Page,
  own: string,
  prey: string,
  isDone: (seen: ArenaHandle) => boolean,
): Promise<void> {
  const keys = new Keys(page);
  const end = performance.now() + ceilingMs;
  let seen = await Look(page);
  while (!isDone(seen)) {
    if (performance.now() > end) throw new Error(`${own} did not get ${prey} within a minute.`);
    const { turn, distance } = bearing(ShipNamed(seen, own), ShipNamed(seen, prey));
    const isAhead = Math.abs(turn) < aimError;
    await keys.Hold("ArrowRight", turn > aimError);
    await keys.Hold("ArrowLeft", turn < -aimError);
    await keys.Hold("ArrowUp", isAhead && distance > fireRange);
    await keys.Hold("Space", isAhead && distance < fireRange);
    seen = await nextLook(page, seen.Tick);
  }
  await keys.ReleaseAll();
}

function bearing(own: Seen, prey: Seen): { turn: number; distance: number } {
  const x = OffsetX(own.X, prey.X);
  const y = OffsetY(own.Y, prey.Y);
  return { turn: OffsetAngle(own.Angle, Math.atan2(y, x)), distance: Math.hypot(x, y) };
}

async function nextLook(page: Page, tick: number): Promise<ArenaHandle> {
  await page.waitForFunction((last) => window.moonwireArena!.Tick > last, tick);
  return await Look(page);
}

class Keys {
  readonly #page: Page;
  readonly #held = new Set<string>();

  constructor(page: Page) {
    this.#page = page;
  }

  async Hold(key: string, isDown: boolean): Promise<void> {
    if (isDown === this.#held.has(key)) return;
    if (isDown) {
      this.#held.add(key);
      await this.#page.keyboard.down(key);
    } else {
      this.#held.delete(key);
      await this.#page.keyboard.up(key);
    }
  }

  async ReleaseAll(): Promise<void> {
    for (const key of this.#held) await this.Hold(key, false);
  }
}
