import { type DataTransformerConfig, type FieldConfigSource } from '@grafana/data';

/** The part of a dashboard's JSON that is drawn here. */
export interface Dashboard {
  uid: string;
  title: string;
  description: string;
  time: { from: string; to: string };
  templating: { list: Variable[] };
  panels: Panel[];
}

export interface Variable {
  name: string;
  label: string;
  type: 'datasource' | 'query' | 'textbox';
  definition?: string;
  allValue?: string;
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  interval?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  // Each type of panel has its own.
  options: any;
  fieldConfig: FieldConfigSource;
  targets: Target[];
  transformations?: DataTransformerConfig[];
}

export interface Target {
  refId: string;
  expr: string;
  legendFormat: string;
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
}

const files = import.meta.glob<Dashboard>('../../../dashboards/grafana/*.json', { eager: true, import: 'default' });

export const dashboards: Dashboard[] = Object.values(files).sort((a, b) => order(a) - order(b) || a.title.localeCompare(b.title));

// The overview is where people start.
function order(dashboard: Dashboard) {
  return dashboard.uid === 'runner-overview' ? 0 : 1;
}
