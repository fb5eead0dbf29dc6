export interface Part<T> {
  item: T;
  /** Of all, from 0 to 1. */
  share: number;
  /** In degrees, clockwise from the top. */
  from: number;
  to: number;
}

/** The parts of a circle, in the order in which Grafana sorts them. What is 0, or no number, has none. */
export function partsOfCircle<T>(items: T[], valueOf: (item: T) => number, sort: 'asc' | 'desc' | 'none' = 'desc'): Array<Part<T>> {
  const kept = items.filter((item) => valueOf(item) > 0);
  if (sort !== 'none') {
    kept.sort((a, b) => (valueOf(a) - valueOf(b)) * (sort === 'asc' ? 1 : -1));
  }

  const all = kept.reduce((sum, item) => sum + valueOf(item), 0);
  let from = 0;
  return kept.map((item) => {
    const share = valueOf(item) / all;
    const part = { item, share, from, to: from + share * 360 };
    from = part.to;
    return part;
  });
}

/** The radii of a pie, or of a donut, in a space: as thick as Grafana's. */
export function pieRadii(width: number, height: number, pieType: 'pie' | 'donut'): { inner: number; outer: number } {
  const outer = Math.max(10, Math.min(width, height) / 2 - 16);
  return { outer, inner: pieType === 'donut' ? Math.max(0, outer - Math.max(outer / 3, 20)) : 0 };
}
