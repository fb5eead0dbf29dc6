import { type DataFrame, type Field, FieldType } from '@grafana/data';
import { type Panel, type Target } from './dashboard';
import { type Series } from './prometheus';
import { legend } from './substitute';

/** What a query answered, as Grafana's Prometheus data source would hand it to a panel. */
export function framesOf(panel: Panel, target: Target, series: Series[], steps: { fromMs: number; toMs: number; stepMs: number }): DataFrame[] {
  switch (target.format) {
    case 'table':
      return [table(panel, target, series)];
    case 'heatmap':
      return heatmap(series).map((one) => timeSeries(target, evenly(one, steps), steps.stepMs));
    default:
      return series.map((one) => (target.instant ? timeSeries(target, one) : timeSeries(target, evenly(one, steps), steps.stepMs)));
  }
}

// Prometheus leaves out a point where there is nothing. A line that is drawn is to have a gap there.
function evenly(series: Series, { fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number }): Series {
  const values = new Map(series.points);
  const points = Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, index): [number, number] => {
    const at = fromMs + index * stepMs;
    return [at, values.get(at) ?? NaN];
  });
  return { ...series, points };
}

function timeSeries(target: Target, series: Series, stepMs?: number): DataFrame {
  const name = legend(target.legendFormat, series.labels);
  return {
    refId: target.refId,
    name,
    length: series.points.length,
    fields: [
      { name: 'Time', type: FieldType.time, config: stepMs ? { interval: stepMs } : {}, values: series.points.map(([time]) => time) },
      {
        name: 'Value',
        type: FieldType.number,
        labels: series.labels,
        config: { displayNameFromDS: name },
        values: series.points.map(([, value]) => (Number.isNaN(value) ? null : value)),
      },
    ],
  };
}

// A row for each series: its time, its labels in their order, its value.
function table(panel: Panel, target: Target, series: Series[]): DataFrame {
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].filter((label) => label !== '__name__').sort();
  const fields: Field[] = [
    { name: 'Time', type: FieldType.time, config: {}, values: series.map((one) => one.points[0]?.[0]) },
    ...labels.map((label) => ({ name: label, type: FieldType.string, config: {}, values: series.map((one) => one.labels[label] ?? '') })),
    {
      name: panel.targets.length > 1 ? `Value #${target.refId}` : 'Value',
      type: FieldType.number,
      config: {},
      values: series.map((one) => one.points[0]?.[1]),
    },
  ];
  return { refId: target.refId, length: series.length, fields };
}

// Prometheus's buckets hold what is below them too: what falls between two bounds is the difference.
function heatmap(series: Series[]): Series[] {
  const buckets = series.map((one) => ({ bound: Number(one.labels.le === '+Inf' ? Infinity : one.labels.le), series: one })).sort((a, b) => a.bound - b.bound);
  return buckets.map(({ series: one }, index) => {
    const below = new Map(index === 0 ? [] : buckets[index - 1].series.points);
    return { ...one, points: one.points.map(([time, value]) => [time, Math.max(0, value - (below.get(time) ?? 0))]) };
  });
}
