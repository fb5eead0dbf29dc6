import { FieldType, getFieldDisplayName } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { VizLayout, VizLegend } from '@grafana/ui';
import { TimeAxis } from './TimeAxis';
import { type PanelProps } from './types';

/** A bar for each series, in the colour of its state; no bar where nothing was said. */
export function StateTimelinePanel({ panel, frames, range, width, height, theme }: PanelProps) {
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const rows = frames.map((frame) => {
    const time = frame.fields.find((field) => field.type === FieldType.time)!;
    const value = frame.fields.find((field) => field.type === FieldType.number)!;
    const step = time.config.interval ?? 60_000;
    const spans: Array<{ from: number; to: number; text: string; color: string }> = [];
    time.values.forEach((at: number, index) => {
      if (value.values[index] == null) {
        return;
      }

      const { text, color = '' } = value.display!(value.values[index]);
      const last = spans.at(-1);
      if (last && last.text === text && at - last.to < step / 2) {
        last.to = at + step;
      } else {
        spans.push({ from: at, to: at + step, text, color });
      }
    });
    return { name: getFieldDisplayName(value, frame, frames), spans };
  });
  const states = new Map(rows.flatMap((row) => row.spans.map((span) => [span.text, span.color])));
  const legend = (
    <VizLayout.Legend placement={panel.options.legend.placement}>
      <VizLegend
        placement={panel.options.legend.placement}
        displayMode={LegendDisplayMode.List}
        readonly={true}
        items={[...states].map(([label, color]) => ({ label, color, yAxis: 1 }))}
      />
    </VizLayout.Legend>
  );
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(width, height) => {
        const left = Math.min(width / 4, Math.max(0, ...rows.map((row) => row.name.length)) * 7 + 10);
        const [inner, below] = [width - left - 20, height - 20];
        const rowHeight = below / Math.max(1, rows.length);
        const x = (at: number) => left + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * inner;
        return (
          <svg width={width} height={height}>
            {rows.map((row, index) => (
              <g key={row.name} transform={`translate(0 ${index * rowHeight})`}>
                <text x={left - 8} y={rowHeight / 2} dominantBaseline="central" textAnchor="end" fontSize={12} fill={theme.colors.text.primary}>
                  {row.name}
                </text>
                {row.spans.map((span) => (
                  <rect
                    key={span.from}
                    x={x(span.from)}
                    width={Math.max(0, x(span.to) - x(span.from))}
                    y={(rowHeight * (1 - panel.options.rowHeight)) / 2}
                    height={rowHeight * panel.options.rowHeight}
                    fill={span.color}
                    fillOpacity={(panel.fieldConfig.defaults.custom.fillOpacity ?? 70) / 100}
                  >
                    <title>{`${row.name}: ${span.text}`}</title>
                  </rect>
                ))}
              </g>
            ))}
            <TimeAxis range={range} left={left} width={inner} y={height - 4} theme={theme} />
          </svg>
        );
      }}
    </VizLayout>
  );
}
