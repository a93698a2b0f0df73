/** Vector2: two numbers, a place or an extent. Unit and axes (x right, y down) as in Godot 2D. */
export interface Vector2 {
  x: number;
  y: number;
}
