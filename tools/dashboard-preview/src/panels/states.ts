export interface Span<T> {
  from: number;
  to: number;
  state: T;
}

/**
 * How long something was in each state. A state lasts to the next point, and the last one to the end, as in Grafana; where nothing was said, there is none.
 *
 * @param end of the range
 * @param isSame whether two states that follow each other are one; never, if the panel does not merge them
 */
export function spansOf<T>(times: number[], states: Array<T | null>, end: number, isSame: (a: T, b: T) => boolean): Array<Span<T>> {
  const spans: Array<Span<T>> = [];
  states.forEach((state, index) => {
    if (state === null) {
      return;
    }

    const to = times[index + 1] ?? end;
    const last = spans.at(-1);
    if (last?.to === times[index] && isSame(last.state, state)) {
      last.to = to;
    } else {
      spans.push({ from: times[index], to, state });
    }
  });
  return spans;
}

/** Where rows are between 0 and 1, from the top: together they take a share of the height, and what is left is between them. One row is in the middle. */
export function rowsOf(count: number, share: number): Array<{ top: number; height: number }> {
  const height = share / count;
  const gap = count > 1 ? (1 - share) / (count - 1) : 0;
  const first = count > 1 ? 0 : (1 - share) / 2;
  return Array.from({ length: count }, (_, index) => ({ top: first + index * (height + gap), height }));
}
