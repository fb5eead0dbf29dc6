import { describe, expect, it } from 'vitest';
import { rowsOf, spansOf } from '../src/panels/states';

const same = (a: number, b: number) => a === b;

describe('spansOf', () => {
  it('makes one of equal states that follow each other, and lets the last one go on to the end', () => {
    expect(spansOf([0, 10, 20, 30], [1, 1, 0, 0], 45, same)).toEqual([
      { from: 0, to: 20, state: 1 },
      { from: 20, to: 45, state: 0 },
    ]);
  });

  it('has nothing where nothing was said, also between equal states', () => {
    expect(spansOf([0, 10, 20, 30], [1, null, 1, null], 45, same)).toEqual([
      { from: 0, to: 10, state: 1 },
      { from: 20, to: 30, state: 1 },
    ]);
  });

  it('merges nothing that is not the same', () => {
    expect(spansOf([0, 10], [1, 1], 20, () => false)).toHaveLength(2);
  });
});

describe('rowsOf', () => {
  it('puts what rows leave of the height between them', () => {
    const rows = rowsOf(3, 0.9);
    expect(rows.map(({ top }) => top)).toEqual([0, expect.closeTo(0.35), expect.closeTo(0.7)]);
    expect(rows[2].top + rows[2].height).toBeCloseTo(1);
  });

  it('puts a single row into the middle', () => {
    const [{ top, height }] = rowsOf(1, 0.8);
    expect([top, height]).toEqual([expect.closeTo(0.1), 0.8]);
  });
});
