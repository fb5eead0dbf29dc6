import { createTheme, type DataFrame, FieldType } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { colorIndex, heatmapOf, labelledBounds, paletteOf } from '../src/panels/heatmap';

function bucket(name: string, counts: Array<number | null>): DataFrame {
  return {
    name,
    length: counts.length,
    fields: [
      { name: 'Time', type: FieldType.time, config: { interval: 10 }, values: counts.map((_, index) => index * 10) },
      { name: 'Value', type: FieldType.number, config: { displayNameFromDS: name }, values: counts },
    ],
  };
}

const frames = [bucket('5', [0, 4]), bucket('+Inf', [null, 2])];

describe('heatmapOf', () => {
  it('has a cell for each count, in the step before its point, and none where nothing was said', () => {
    expect(heatmapOf(frames, {})).toEqual({
      bounds: ['5', '+Inf'],
      cells: [
        { row: 0, from: -10, to: 0, count: 0 },
        { row: 0, from: 0, to: 10, count: 4 },
        { row: 1, from: 0, to: 10, count: 2 },
      ],
      least: 0,
      most: 4,
    });
  });

  it('leaves out what the panel hides, in its colours too', () => {
    const { cells, least, most } = heatmapOf(frames, { le: 0, ge: 4 });
    expect([cells, least, most]).toEqual([[{ row: 1, from: 0, to: 10, count: 2 }], 2, 2]);
  });
});

describe('colorIndex', () => {
  it('is the first for the least, and the last for the most', () => {
    const heatmap = { bounds: [], cells: [], least: 2, most: 10 };
    expect([2, 6, 10].map((count) => colorIndex(count, heatmap, 4))).toEqual([0, 2, 3]);
    expect(colorIndex(2, { ...heatmap, most: 2 }, 4)).toBe(3);
  });
});

describe('paletteOf', () => {
  it('begins near the background', () => {
    const color = { scheme: 'Oranges', steps: 5, reverse: false };
    const light = paletteOf(color, createTheme({ colors: { mode: 'light' } }));
    expect(light[0]).toBe('rgb(255, 245, 235)');
    expect(paletteOf(color, createTheme({ colors: { mode: 'dark' } }))).toEqual([...light].reverse());
  });
});

describe('labelledBounds', () => {
  it('has one more than there are buckets, or as many as fit', () => {
    expect(labelledBounds(4, 200)).toEqual([0, 1, 2, 3, 4]);
    expect(labelledBounds(8, 60)).toEqual([0, 2, 4, 6, 8]);
  });
});
