/** The game's colours on the canvas; the page's own are in theme.css. */
export const Palette = Object.freeze({
  night: 0x070b12,
  grass: 0x0e1d22,
  rim: 0x2c5a55,
  lantern: 0xffdf9e,
  spark: 0xffe9b0,
  name: 0xc6d0e8,
  ownName: 0xffffff,
});

const wings = [0x69e5d4, 0xff9fb0, 0xb7a8ff, 0xffcf7a, 0x86c5ff, 0xf2a6ee, 0xb4ec8f, 0xffb58a];

/** A moth's colour, by its id: the same in every page. */
export function MothColor(id: number): number {
  return wings[(id - 1) % wings.length] ?? Palette.name;
}

/** The same for style sheets. */
export function CssColor(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}
