/** The arena's colours on the canvas; the page's own are in theme.css. */
export const Palette = Object.freeze({
  space: 0x070a14,
  own: 0x69e5d4,
  flame: 0xffb066,
  flameCore: 0xfff3d3,
  shield: 0x9fd8ff,
  name: 0xb4bddb,
  ownName: 0xeceffa,
  radar: "#11162acc",
  radarMoon: 0x262e52,
  radarBorder: 0x3a4470,
});

const others = [0xff8090, 0xa99bff, 0xffdf9e, 0x7ab8ff, 0xff9fe5, 0xa5e887];

/** The colour of a ship: the own one always the same, the others' by id. */
export function ShipColor(id: number, isOwn: boolean): number {
  if (isOwn) return Palette.own;
  return others[id % others.length] ?? Palette.name;
}

/** The same colour for style sheets. */
export function CssColor(color: number): string {
  return `#${color.toString(16).padStart(6, "0")}`;
}
