import { TableNG } from '@grafana/ui/unstable';
import { type PanelProps } from './types';

export function TablePanel({ panel, frames, range, width, height }: PanelProps) {
  return (
    <TableNG
      data={frames[0]}
      width={width}
      height={height}
      noHeader={!panel.options.showHeader}
      sortBy={panel.options.sortBy}
      cellHeight={panel.options.cellHeight}
      fieldConfig={panel.fieldConfig}
      noValue={panel.fieldConfig.defaults.noValue}
      timeRange={range}
      enableVirtualization={false}
      resizable={true}
    />
  );
}
