/**
 * The points of an SVG polyline for some samples, the newest at the right edge.
 * @param most samples that fill the whole width.
 * @param peak the value that reaches the top; above 0.
 */
export function PlotPoints(
  samples: readonly number[],
  most: number,
  peak: number,
  size: { readonly Width: number; readonly Height: number },
): string {
  const step = size.Width / (most - 1);
  const first = size.Width - (samples.length - 1) * step;
  return samples
    .map((value, i) => {
      const y = size.Height - 1 - Math.min(1, value / peak) * (size.Height - 2);
      return `${(first + i * step).toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
