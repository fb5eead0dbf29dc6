import { describe, expect, it } from 'vitest';
import { type Panel, type Target } from '../src/dashboard';
import { framesOf } from '../src/frames';

const minute = 60_000;
const steps = { fromMs: 0, toMs: 3 * minute, stepMs: minute };
const target: Target = { refId: 'A', expr: 'x', legendFormat: '{{a}}', format: 'time_series', instant: false };

function panel(...targets: Target[]): Panel {
  return { id: 1, type: 'timeseries', title: '', gridPos: { x: 0, y: 0, w: 1, h: 1 }, options: {}, fieldConfig: { defaults: {}, overrides: [] }, targets };
}

describe('framesOf', () => {
  it('has a gap, and no 0, where Prometheus said nothing', () => {
    const [frame] = framesOf(panel(target), target, [{ labels: { a: 'b' }, points: [[0, 1], [2 * minute, 3]] }], steps);
    expect(frame.fields[0].values).toEqual([0, minute, 2 * minute, 3 * minute]);
    expect(frame.fields[1].values).toEqual([1, null, 3, null]);
    expect(frame.fields[1].config.displayNameFromDS).toBe('b');
  });

  it('has no frame for no series', () => {
    expect(framesOf(panel(target), target, [], steps)).toEqual([]);
  });

  it('makes a row of a series, and a column of a label', () => {
    const table: Target = { ...target, format: 'table', instant: true };
    const [frame] = framesOf(panel(table, { ...table, refId: 'B' }), table, [{ labels: { b: '2', a: '1' }, points: [[0, 7]] }], steps);
    expect(frame.fields.map((field) => [field.name, field.values])).toEqual([
      ['Time', [0]],
      ['a', ['1']],
      ['b', ['2']],
      ['Value #A', [7]],
    ]);
  });

  it('takes from each bucket what is in the one below', () => {
    const heatmap: Target = { ...target, legendFormat: '{{le}}', format: 'heatmap' };
    const bucket = (le: string, value: number) => ({ labels: { le }, points: [[0, value] as [number, number]] });
    const frames = framesOf(panel(heatmap), heatmap, [bucket('+Inf', 9), bucket('10', 4), bucket('5', 1)], steps);
    expect(frames.map((frame) => [frame.name, frame.fields[1].values[0]])).toEqual([
      ['5', 1],
      ['10', 3],
      ['+Inf', 5],
    ]);
  });
});
