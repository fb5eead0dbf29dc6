import { TimeSeries } from '@grafana/ui';
import { type PanelProps } from './types';

export function TimeSeriesPanel({ panel, frames, range, width, height }: PanelProps) {
  return <TimeSeries frames={frames} timeRange={range} timeZone="browser" width={width} height={height} legend={panel.options.legend} options={panel.options} />;
}
