import { dateTimeFormat, formattedValueToString, getValueFormat, type GrafanaTheme2 } from '@grafana/data';
import { VizLayout } from '@grafana/ui';
import { useMemo } from 'react';
import { colorIndex, heatmapOf, labelledBounds, paletteOf } from './heatmap';
import { type Drawing, Plot } from './Plot';
import { type PanelProps } from './types';

/** A cell for each bucket and step: the more, the farther from the ground. Each row is as high as any other. */
export function HeatmapPanel({ panel, frames, range, width, height, theme }: PanelProps) {
  const { color, filterValues, yAxis, cellGap = 1, legend } = panel.options;
  const heatmap = useMemo(() => heatmapOf(frames, filterValues ?? {}), [frames, filterValues]);
  const palette = useMemo(() => paletteOf(color, theme), [color, theme]);
  const drawing = useMemo<Drawing>(() => {
    const { bounds, cells } = heatmap;
    const format = getValueFormat(yAxis.unit);
    const label = (bound: number) => (bound === 0 ? '' : Number.isFinite(Number(bounds[bound - 1])) ? formattedValueToString(format(Number(bounds[bound - 1]))) : bounds[bound - 1]);
    return {
      y: {
        range: [0, bounds.length],
        axis: { splits: ({ height }) => labelledBounds(bounds.length, height - 15), values: (_, splits) => splits.map(label) },
      },
      draw: ({ ctx, valToPos }) => {
        const gap = cellGap * devicePixelRatio;
        for (const { row, from, to, count } of cells) {
          const [left, right] = [from, to].map((time) => Math.round(valToPos(time, 'x', true)));
          const [bottom, top] = [row, row + 1].map((bound) => Math.round(valToPos(bound, 'y', true)));
          ctx.fillStyle = palette[colorIndex(count, heatmap, palette.length)];
          ctx.fillRect(left, top, Math.max(1, right - left - gap), Math.max(1, bottom - top - gap));
        }
      },
      find: (time, at) => {
        const row = Math.floor((1 - at) * bounds.length);
        const cell = cells.find((cell) => cell.row === row && cell.from <= time && time < cell.to);
        return (
          cell && {
            time: dateTimeFormat(cell.to),
            rows: [{ label: `${label(row) || '0'} to ${label(row + 1)}`, color: palette[colorIndex(cell.count, heatmap, palette.length)], value: cell.count.toFixed(1) }],
          }
        );
      },
    };
  }, [heatmap, palette, yAxis, cellGap]);

  const scale = legend.show ? (
    <VizLayout.Legend placement="bottom" maxHeight="20%">
      <ColorScale palette={palette} least={heatmap.least} most={heatmap.most} theme={theme} />
    </VizLayout.Legend>
  ) : null;
  return (
    <VizLayout width={width} height={height} legend={scale}>
      {(width, height) => <Plot drawing={drawing} range={range} width={width} height={height} theme={theme} />}
    </VizLayout>
  );
}

function ColorScale({ palette, least, most, theme }: { palette: string[]; least: number; most: number; theme: GrafanaTheme2 }) {
  const format = getValueFormat('short');
  return (
    <div style={{ marginLeft: 25, maxWidth: 300, paddingTop: 6, fontSize: 11, color: theme.colors.text.secondary }}>
      <div style={{ height: 9, borderRadius: theme.shape.radius.default, background: `linear-gradient(90deg, ${palette.join()})` }} />
      <div style={{ display: 'flex', justifyContent: 'space-between' }}>
        {[least, most].map((count) => (
          <span key={count}>{Number.isFinite(count) ? formattedValueToString(format(count)) : ''}</span>
        ))}
      </div>
    </div>
  );
}
