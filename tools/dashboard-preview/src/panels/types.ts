import { type DataFrame, type GrafanaTheme2, type TimeRange } from '@grafana/data';
import { type Panel } from '../dashboard';

export interface PanelProps {
  panel: Panel;
  /** With the panel's field configuration applied. */
  frames: DataFrame[];
  range: TimeRange;
  width: number;
  height: number;
  theme: GrafanaTheme2;
}
