import { applyFieldOverrides, cacheFieldDisplayNames, type DataFrame, type Field, type FieldConfigPropertyItem, FieldConfigOptionsRegistry, FieldType, type GrafanaTheme2 } from '@grafana/data';
import { type Panel } from './dashboard';

// Grafana keeps a list of the properties that fields can have, with editors, in its own pages. Here it is the names that our dashboards use, and no editors.
const onAll = ['unit', 'displayName', 'noValue', 'thresholds', 'mappings', 'color'];
const onNumbers = ['decimals', 'min', 'max'];
const custom = [
  'align',
  'axisLabel',
  'axisPlacement',
  'axisSoftMin',
  'cellOptions',
  'drawStyle',
  'fillOpacity',
  'filterable',
  'hideFrom',
  'inspect',
  'lineInterpolation',
  'lineWidth',
  'minWidth',
  'pointSize',
  'showPoints',
  'spanNulls',
  'stacking',
  'thresholdsStyle',
  'width',
];

// Known, and not supported: the README says so.
const leftOut = new Set(['links']);

const registry = new FieldConfigOptionsRegistry(() => [
  ...onAll.map((name) => property(name, () => true)),
  ...onNumbers.map((name) => property(name, (field) => field.type === FieldType.number)),
  ...custom.map((name) => ({ ...property(`custom.${name}`, () => true), path: name, isCustom: true })),
]);

/** Frames with units, thresholds, mappings and overrides on their fields, as a panel of Grafana gets them. */
export function withFieldConfig(panel: Panel, data: DataFrame[], theme: GrafanaTheme2): DataFrame[] {
  const frames = applyFieldOverrides({
    data,
    fieldConfig: panel.fieldConfig,
    fieldConfigRegistry: registry,
    replaceVariables: (text) => text,
    theme,
    timeZone: 'browser',
  });
  cacheFieldDisplayNames(frames);
  return frames;
}

/** What of a dashboard is not known here, and would be left out without a word. */
export function unknownProperties(panel: Panel): string[] {
  const { defaults, overrides } = panel.fieldConfig;
  const known = new Set(registry.list().map((item) => item.id));
  return [
    ...Object.keys(defaults).filter((name) => name !== 'custom'),
    ...Object.keys(defaults.custom ?? {}).map((name) => `custom.${name}`),
    ...overrides.flatMap((override) => override.properties.map(({ id }) => id)),
  ].filter((name) => !known.has(name) && !leftOut.has(name));
}

function property(name: string, shouldApply: (field: Field) => boolean): FieldConfigPropertyItem {
  const none = () => null;
  return { id: name, path: name, name, editor: none, override: none, process: (value: unknown) => value, shouldApply } as FieldConfigPropertyItem;
}
