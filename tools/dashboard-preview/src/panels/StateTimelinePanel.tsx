import { colorManipulator, type DataFrame, dateTimeFormat, type DisplayValue, FieldType, formattedValueToString, getFieldDisplayName } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { VizLayout, VizLegend } from '@grafana/ui';
import { useMemo } from 'react';
import { type Drawing, Plot } from './Plot';
import { rowsOf, spansOf } from './states';
import { type PanelProps } from './types';

/** A row for each series, in the colours of its states; nothing where nothing was said. */
export function StateTimelinePanel({ panel, frames, range, width, height, theme }: PanelProps) {
  const { legend, mergeValues = true, rowHeight = 0.9 } = panel.options;
  const end = range.to.valueOf();
  const series = useMemo(() => frames.map((frame) => seriesOf(frame, frames, end, mergeValues)), [frames, end, mergeValues]);
  const drawing = useMemo<Drawing>(() => {
    const rows = rowsOf(series.length, rowHeight);
    return {
      y: {
        range: [0, 1],
        axis: {
          splits: () => rows.map(({ top, height }) => 1 - top - height / 2),
          values: () => series.map(({ name }) => name),
          grid: { show: false },
          ticks: { show: false },
          gap: 16,
        },
      },
      draw: ({ ctx, bbox, valToPos }) => {
        series.forEach(({ spans, opacity }, index) => {
          const { top, height } = rows[index];
          for (const { from, to, state } of spans) {
            const left = Math.round(valToPos(from, 'x', true));
            ctx.fillStyle = colorManipulator.alpha(state.color ?? theme.colors.text.disabled, opacity);
            ctx.fillRect(left, Math.round(bbox.top + top * bbox.height), Math.max(1, Math.round(valToPos(to, 'x', true)) - left), Math.round(height * bbox.height));
          }
        });
      },
      find: (time, at) => {
        const index = rows.findIndex(({ top, height }) => at >= top && at < top + height);
        const span = series[index]?.spans.find(({ from, to }) => from <= time && time < to);
        return (
          span && {
            time: `${dateTimeFormat(span.from)} to ${dateTimeFormat(span.to)}`,
            rows: [{ label: series[index].name, color: span.state.color, value: formattedValueToString(span.state) }],
          }
        );
      },
    };
  }, [series, rowHeight, theme]);

  const states = new Map(series.flatMap(({ spans }) => spans.map(({ state }) => [formattedValueToString(state), state.color])));
  const shown = legend.showLegend === false ? null : (
    <VizLayout.Legend placement={legend.placement}>
      <VizLegend
        placement={legend.placement}
        displayMode={legend.displayMode ?? LegendDisplayMode.List}
        readonly={true}
        items={[...states].map(([label, color]) => ({ label, color, yAxis: 1 }))}
      />
    </VizLayout.Legend>
  );
  return (
    <VizLayout width={width} height={height} legend={shown}>
      {(width, height) => <Plot drawing={drawing} range={range} width={width} height={height} theme={theme} />}
    </VizLayout>
  );
}

function seriesOf(frame: DataFrame, frames: DataFrame[], end: number, merges: boolean) {
  const times = frame.fields.find((field) => field.type === FieldType.time)!.values as number[];
  const field = frame.fields.find((field) => field.type === FieldType.number)!;
  const states = (field.values as Array<number | null>).map((value) => (value == null ? null : field.display!(value)));
  const isSame = (a: DisplayValue, b: DisplayValue) => merges && a.text === b.text && a.color === b.color;
  return { name: getFieldDisplayName(field, frame, frames), opacity: (field.config.custom?.fillOpacity ?? 80) / 100, spans: spansOf(times, states, end, isSame) };
}
