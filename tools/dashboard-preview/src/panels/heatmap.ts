import { type DataFrame, FieldType, getFieldDisplayName, type GrafanaTheme2 } from '@grafana/data';
import { interpolateBlues, interpolateGreens, interpolateGreys, interpolateOranges, interpolatePurples, interpolateReds } from 'd3-scale-chromatic';

export interface Cell {
  /** Of its bucket, from the lowest. */
  row: number;
  from: number;
  to: number;
  count: number;
}

export interface Heatmap {
  /** The upper bound of each bucket, from the lowest. */
  bounds: string[];
  cells: Cell[];
  least: number;
  most: number;
}

/** The schemes of one hue, which Grafana reverses in its dark theme: few is near the background. */
const schemes: Record<string, (at: number) => string> = {
  Blues: interpolateBlues,
  Greens: interpolateGreens,
  Greys: interpolateGreys,
  Oranges: interpolateOranges,
  Purples: interpolatePurples,
  Reds: interpolateReds,
};

/** Whether the preview can draw the colours of a heatmap. */
export function knowsColor(color: { mode: string; scheme: string }): boolean {
  return color.mode === 'scheme' && color.scheme in schemes;
}

/** A frame is a bucket; a point counts what came in the step before it. Cells that are hidden count for no colour. */
export function heatmapOf(frames: DataFrame[], hidden: { le?: number; ge?: number }): Heatmap {
  const bounds = frames.map((frame) => getFieldDisplayName(frame.fields[1], frame, frames));
  const cells = frames.flatMap((frame, row) => {
    const time = frame.fields.find((field) => field.type === FieldType.time)!;
    const counts = frame.fields.find((field) => field.type === FieldType.number)!.values as Array<number | null>;
    const step = time.config.interval ?? 60_000;
    return counts.flatMap((count, index) =>
      count == null || count <= (hidden.le ?? -Infinity) || count >= (hidden.ge ?? Infinity) ? [] : [{ row, from: time.values[index] - step, to: time.values[index], count }]
    );
  });
  const counts = cells.map(({ count }) => count);
  return { bounds, cells, least: counts.reduce((a, b) => Math.min(a, b), Infinity), most: counts.reduce((a, b) => Math.max(a, b), -Infinity) };
}

/** The colours of a scheme, from few to many. */
export function paletteOf(color: { scheme: string; steps: number; reverse: boolean }, theme: GrafanaTheme2): string[] {
  const palette = Array.from({ length: color.steps }, (_, index) => schemes[color.scheme](index / (color.steps - 1)));
  return theme.isDark !== color.reverse ? palette.reverse() : palette;
}

/** The colour of a count: steps of equal width from the least to the most. */
export function colorIndex(count: number, { least, most }: Heatmap, steps: number): number {
  return most > least ? Math.min(steps - 1, Math.floor(((count - least) / (most - least)) * steps)) : steps - 1;
}

/** The bounds that are labelled: all of them, or every second, fourth … so that each has 10 pixels. The lowest, 0, is the floor of the first bucket. */
export function labelledBounds(buckets: number, height: number): number[] {
  let bounds = Array.from({ length: buckets + 1 }, (_, index) => index);
  while (bounds.length > 3 && height / bounds.length < 10) {
    bounds = bounds.filter((_, index) => index % 2 === 0);
  }

  return bounds;
}
