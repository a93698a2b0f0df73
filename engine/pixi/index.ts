/** The public face of `moonwire/engine/pixi`: nodes that are drawn with pixi.js, for pages. */

export { CanvasItem } from "./CanvasItem.ts";
export { ColorRect } from "./ColorRect.ts";
export { Label } from "./Label.ts";
export { Line2D } from "./Line2D.ts";
export { Node2D } from "./Node2D.ts";
export { PixiApp } from "./PixiApp.ts";
export type { PixiAppOptions } from "./PixiApp.ts";
export { Polygon2D } from "./Polygon2D.ts";
export { Shape2D } from "./Shape2D.ts";
export { Sprite2D } from "./Sprite2D.ts";
export type { Vector2 } from "./Vector2.ts";
