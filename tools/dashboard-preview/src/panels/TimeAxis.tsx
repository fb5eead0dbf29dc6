import { dateTimeFormat, type GrafanaTheme2, type TimeRange } from '@grafana/data';

const day = 86_400_000;
const lengths = [60_000, 300_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000, day, 2 * day, 7 * day];

/** Times below a drawing of a width, of its own: Grafana's comes with its graphs only. */
export function TimeAxis({ range, left, width, y, theme }: { range: TimeRange; left: number; width: number; y: number; theme: GrafanaTheme2 }) {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const step = lengths.find((length) => ((to - from) / length) * 55 < width) ?? 28 * day;
  const offset = range.from.toDate().getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const times = Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step);
  return (
    <g fontSize={12} fill={theme.colors.text.primary}>
      {times.map((time) => (
        <text key={time} x={left + ((time - from) / (to - from)) * width} y={y} textAnchor="middle">
          {dateTimeFormat(time, { format: step < day ? 'HH:mm' : 'MM/DD' })}
        </text>
      ))}
    </g>
  );
}
