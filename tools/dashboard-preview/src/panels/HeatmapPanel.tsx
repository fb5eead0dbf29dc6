import { FieldType, formattedValueToString, getFieldDisplayName, getValueFormat } from '@grafana/data';
import { interpolateOranges } from 'd3-scale-chromatic';
import { TimeAxis } from './TimeAxis';
import { type PanelProps } from './types';

/** A cell for each bucket and step: the more, the farther from the ground. Each row is as high as any other. */
export function HeatmapPanel({ panel, frames, range, width, height, theme }: PanelProps) {
  const { color, filterValues, yAxis, cellGap } = panel.options;
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const buckets = frames.map((frame) => ({
    bound: getFieldDisplayName(frame.fields[1], frame, frames),
    step: frame.fields[0].config.interval ?? 60_000,
    times: frame.fields.find((field) => field.type === FieldType.time)!.values as number[],
    counts: frame.fields.find((field) => field.type === FieldType.number)!.values as Array<number | null>,
  }));
  const most = Math.max(0, ...buckets.flatMap((bucket) => bucket.counts.map((count) => count ?? 0)));
  const format = getValueFormat(yAxis.unit);
  const label = (bound: string) => (Number.isFinite(Number(bound)) ? formattedValueToString(format(Number(bound))) : bound);
  const left = 70;
  const top = 8;
  const [inner, below] = [width - left - 20, height - 44];
  const rowHeight = (below - top) / Math.max(1, buckets.length);
  const every = Math.ceil(14 / rowHeight);
  const x = (at: number) => left + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * inner;
  const fill = (count: number) => {
    const share = (count / most) ** color.exponent;
    return interpolateOranges(theme.isDark ? 1 - share : share);
  };
  return (
    <svg width={width} height={height}>
      {buckets.map((bucket, index) => {
        const y = below - (index + 1) * rowHeight;
        return (
          <g key={bucket.bound}>
            {index % every === 0 && (
              <text x={left - 8} y={y} dominantBaseline="central" textAnchor="end" fontSize={12} fill={theme.colors.text.primary}>
                {label(bucket.bound)}
              </text>
            )}
            {bucket.times.map((at, point) => {
              const count = bucket.counts[point];
              return count == null || count <= filterValues.le ? null : (
                <rect
                  key={at}
                  x={x(at - bucket.step)}
                  width={Math.max(1, x(at) - x(at - bucket.step) - cellGap)}
                  y={y}
                  height={Math.max(1, rowHeight - cellGap)}
                  fill={fill(count)}
                >
                  <title>{`up to ${label(bucket.bound)}: ${count.toFixed(1)}`}</title>
                </rect>
              );
            })}
          </g>
        );
      })}
      <TimeAxis range={range} left={left} width={inner} y={below + 16} theme={theme} />
      {Array.from({ length: 100 }, (_, index) => (
        <rect key={index} x={left + index * 1.5} y={height - 16} width={1.6} height={8} fill={fill((most * index) / 99)} />
      ))}
      <text x={left - 8} y={height - 8} textAnchor="end" fontSize={12} fill={theme.colors.text.secondary}>
        0
      </text>
      <text x={left + 158} y={height - 8} fontSize={12} fill={theme.colors.text.secondary}>
        {most.toFixed(0)}
      </text>
    </svg>
  );
}
