import { type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { AxisPlacement, ScaleDirection, ScaleOrientation } from '@grafana/schema';
import { UPlotChart, UPlotConfigBuilder } from '@grafana/ui';
import { type ComponentProps, useMemo, useState } from 'react';
import { Hover, type Hovered } from './Hover';

type Chart = ComponentProps<typeof UPlotChart>;

/** A drawing between Grafana's own axes: time below, and what it says at its left. */
export interface Drawing {
  y: { range: [number, number]; axis: Partial<Parameters<UPlotConfigBuilder['addAxis']>[0]> };
  /** Draws on the canvas, in its own pixels, once the axes are drawn. */
  draw: (plot: Parameters<NonNullable<Chart['plotRef']>>[0]) => void;
  /** What is at a time and a height, from the top: 0 to 1. */
  find: (time: number, height: number) => Omit<Hovered, 'x' | 'y'> | undefined;
}

interface Props {
  /** Keeps its identity as long as it draws the same. */
  drawing: Drawing;
  range: TimeRange;
  width: number;
  height: number;
  theme: GrafanaTheme2;
}

export function Plot({ drawing, range, width, height, theme }: Props) {
  const [hovered, setHovered] = useState<Hovered>();
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const data = useMemo<Chart['data']>(() => [[from, to], [null, null]], [from, to]);
  const config = useMemo(() => {
    const builder = new UPlotConfigBuilder('browser');
    builder.addScale({ scaleKey: 'x', isTime: true, orientation: ScaleOrientation.Horizontal, direction: ScaleDirection.Right, range: () => [from, to] });
    builder.addScale({ scaleKey: 'y', isTime: false, orientation: ScaleOrientation.Vertical, direction: ScaleDirection.Up, range: () => drawing.y.range });
    builder.addAxis({ scaleKey: 'x', isTime: true, placement: AxisPlacement.Bottom, timeZone: 'browser', theme });
    builder.addAxis({ scaleKey: 'y', placement: AxisPlacement.Left, theme, ...drawing.y.axis });
    builder.addSeries({ scaleKey: 'y', theme, show: true, pathBuilder: () => null });
    builder.setCursor({ x: true, y: false, points: { show: false }, drag: { x: false, y: false } });
    builder.addHook('draw', (plot) => {
      const { left, top, width, height } = plot.bbox;
      plot.ctx.save();
      plot.ctx.beginPath();
      plot.ctx.rect(left, top, width, height);
      plot.ctx.clip();
      drawing.draw(plot);
      plot.ctx.restore();
    });
    builder.addHook('setCursor', ({ cursor, over, posToVal }) => {
      const { left = -1, top = -1 } = cursor;
      const found = left < 0 ? undefined : drawing.find(posToVal(left, 'x'), top / over.clientHeight);
      const place = over.getBoundingClientRect();
      setHovered(found && { ...found, x: place.left + left, y: place.top + top });
    });
    return builder;
  }, [drawing, from, to, theme]);
  return (
    <>
      <UPlotChart data={data} config={config} width={width} height={height} />
      <Hover hovered={hovered} />
    </>
  );
}
