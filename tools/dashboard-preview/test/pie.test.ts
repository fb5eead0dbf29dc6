import { describe, expect, it } from 'vitest';
import { slice } from '../src/panels/arc';
import { partsOfCircle, pieRadii } from '../src/panels/pie';

describe('partsOfCircle', () => {
  it('makes the largest the first, from the top', () => {
    expect(partsOfCircle([1, 3], (value) => value)).toEqual([
      { item: 3, share: 0.75, from: 0, to: 270 },
      { item: 1, share: 0.25, from: 270, to: 360 },
    ]);
    expect(partsOfCircle([1, 3], (value) => value, 'none').map(({ item }) => item)).toEqual([1, 3]);
    expect(partsOfCircle([3, 1], (value) => value, 'asc').map(({ item }) => item)).toEqual([1, 3]);
  });

  it('has no part for what is 0, or no number', () => {
    expect(partsOfCircle([0, NaN, 2], (value) => value).map(({ item }) => item)).toEqual([2]);
    expect(partsOfCircle([0], (value) => value)).toEqual([]);
  });
});

describe('pieRadii', () => {
  it('leaves a donut open, and a pie not', () => {
    expect(pieRadii(300, 152, 'donut')).toEqual({ outer: 60, inner: 40 });
    expect(pieRadii(300, 152, 'pie')).toEqual({ outer: 60, inner: 0 });
  });
});

describe('slice', () => {
  it('draws a whole circle too, whose end is not its start', () => {
    const path = slice({ x: 0, y: 0 }, 5, 10, 0, 360);
    const [start, end] = [/^M (\S+) /, /A 10 10 0 1 1 (\S+) /].map((pattern) => Number(pattern.exec(path)![1]));
    expect(Math.abs(end - start)).toBeGreaterThan(0.001);
  });
});
