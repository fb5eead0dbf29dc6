// What a dashboard of this repository may hold: the types of @grafana/schema, with what they leave open (options, custom, targets, overrides) closed for the
// panels that are used here. check.mjs makes a JSON schema of it, in which no other property is allowed.
//
// Options are partial: Grafana fills in the defaults of the release that reads the file.
import type { GraphFieldConfig, Panel as AnyPanel, FieldConfig as AnyFieldConfig, Dashboard as AnyDashboard, DataSourceRef, GridPos, ThresholdsConfig, FieldColor, ValueMapping, AnnotationQuery, VariableModel } from '@grafana/schema';
import type { DataLink } from '@grafana/schema/apis/dashboard.grafana.app/v2';
import type { Options as StatOptions } from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type { Options as GaugeOptions } from '@grafana/schema/dist/esm/raw/composable/gauge/panelcfg/x/GaugePanelCfg_types.gen';
import type { Options as BarGaugeOptions } from '@grafana/schema/dist/esm/raw/composable/bargauge/panelcfg/x/BarGaugePanelCfg_types.gen';
import type { Options as TimeSeriesOptions } from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';
import type { Options as TableOptions, FieldConfig as TableCustom } from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type { Options as PieOptions, FieldConfig as PieCustom } from '@grafana/schema/dist/esm/raw/composable/piechart/panelcfg/x/PieChartPanelCfg_types.gen';
import type { Options as StateTimelineOptions, FieldConfig as StateTimelineCustom } from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type { Options as HeatmapOptions, FieldConfig as HeatmapCustom } from '@grafana/schema/dist/esm/raw/composable/heatmap/panelcfg/x/HeatmapPanelCfg_types.gen';
import type { Options as TextOptions } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';

/** A query to Prometheus. The package has no type of it; the names are those of Grafana's Prometheus data source. */
interface Target {
  datasource: DataSourceRef;
  editorMode: 'code' | 'builder';
  expr: string;
  format: 'time_series' | 'table' | 'heatmap';
  instant: boolean;
  range: boolean;
  legendFormat: string;
  refId: string;
}

type Transformation =
  | { id: 'merge'; options: Record<string, never> }
  | {
      id: 'organize';
      options: { excludeByName: Record<string, boolean>; indexByName: Record<string, number>; renameByName: Record<string, string> };
    };

/** Names of overrides, each with the type of its value. */
interface Standard {
  color: FieldColor;
  decimals: number;
  links: DataLink[];
  mappings: ValueMapping[];
  max: number;
  min: number;
  noValue: string;
  thresholds: ThresholdsConfig;
  unit: string;
}

type StandardProperty = { [K in keyof Standard]: { id: K; value: Standard[K] } }[keyof Standard];
type CustomProperty<C, K extends keyof C & string> = { [P in K]: { id: `custom.${P}`; value: C[P] } }[K];

interface Override<P> {
  matcher: { id: 'byName'; options: string };
  properties: P[];
}

interface PanelOf<Type, Options, Custom, Property> extends Omit<AnyPanel, 'type' | 'options' | 'fieldConfig' | 'targets' | 'transformations'> {
  type: Type;
  id: number;
  title: string;
  gridPos: GridPos;
  options: Options;
  fieldConfig: {
    defaults: Omit<AnyFieldConfig, 'custom' | 'links'> & { custom: Custom; links?: Standard['links'] };
    overrides: Array<Override<Property>>;
  };
  targets: Target[];
  transformations?: Transformation[];
}

type Nothing = Record<string, never>;

type StatPanel = PanelOf<'stat', Partial<StatOptions>, Nothing, StandardProperty>;
type GaugePanel = PanelOf<'gauge', Partial<GaugeOptions>, Nothing, StandardProperty>;
type BarGaugePanel = PanelOf<'bargauge', Partial<BarGaugeOptions>, Nothing, StandardProperty>;
type TimeSeriesPanel = PanelOf<
  'timeseries',
  Partial<TimeSeriesOptions>,
  GraphFieldConfig,
  StandardProperty | CustomProperty<Required<GraphFieldConfig>, 'axisPlacement' | 'drawStyle' | 'fillOpacity' | 'lineWidth' | 'stacking'>
>;
type TablePanel = PanelOf<'table', Partial<TableOptions>, Partial<TableCustom>, StandardProperty | CustomProperty<Required<TableCustom>, 'cellOptions' | 'width' | 'align'>>;
type PieChartPanel = PanelOf<'piechart', Partial<PieOptions>, PieCustom, StandardProperty>;
type StateTimelinePanel = PanelOf<'state-timeline', Partial<StateTimelineOptions>, StateTimelineCustom, StandardProperty>;
type HeatmapPanel = PanelOf<'heatmap', Partial<HeatmapOptions>, HeatmapCustom, StandardProperty>;
type TextPanel = PanelOf<'text', TextOptions, Nothing, StandardProperty>;

interface Row {
  type: 'row';
  id: number;
  title: string;
  collapsed: boolean;
  gridPos: GridPos;
  panels: never[];
}

/** What Grafana's Prometheus data source reads of an annotation, beside what every annotation has. */
interface Annotation extends AnnotationQuery {
  expr?: string;
  step?: string;
  tagKeys?: string;
  titleFormat?: string;
  useValueForTime?: boolean;
}

/** A data source that nobody has chosen yet has an empty choice, and a query stands under `definition` too, as Grafana itself writes them. */
interface Variable extends Omit<VariableModel, 'current'> {
  current?: VariableModel['current'] | Nothing;
  definition?: string;
}

/** All but the panels, each of which is held against the type of its kind. */
interface DashboardFile extends Omit<AnyDashboard, 'panels' | 'annotations' | 'templating'> {
  uid: string;
  title: string;
  id: null;
  annotations: { list: Annotation[] };
  templating: { list: Variable[] };
  panels: unknown[];
}

/** What an import asks for, and what it needs. The package has no type of it; the names are those of Grafana's own exports. */
interface ImportedFile extends DashboardFile {
  __inputs: Array<
    | { name: string; label: string; description: string; type: 'datasource'; pluginId: string; pluginName: string }
    | { name: string; label: string; description: string; type: 'constant'; value: string }
  >;
  __elements: Record<string, never>;
  __requires: Array<{ type: 'grafana' | 'datasource' | 'panel'; id: string; name: string; version: string }>;
}

/** The types by which a file is checked, under the names that check.mjs asks for: the file, and each panel by its type. */
export interface Checked {
  file: DashboardFile;
  imported: ImportedFile;
  stat: StatPanel;
  gauge: GaugePanel;
  bargauge: BarGaugePanel;
  timeseries: TimeSeriesPanel;
  table: TablePanel;
  piechart: PieChartPanel;
  'state-timeline': StateTimelinePanel;
  heatmap: HeatmapPanel;
  text: TextPanel;
  row: Row;
}
