import { describe, expect, it } from 'vitest';
import { dashboards } from '../src/dashboard';
import { parseLabelValues, substitute } from '../src/substitute';
import { unknownProperties } from '../src/fieldConfig';
import { knowsColor } from '../src/panels/heatmap';

const types = ['row', 'stat', 'gauge', 'bargauge', 'timeseries', 'table', 'piechart', 'state-timeline', 'heatmap', 'text'];

describe.each(dashboards)('$uid', (dashboard) => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  it('has no type of panel that the preview cannot draw', () => {
    expect(types).toEqual(expect.arrayContaining(dashboard.panels.map(({ type }) => type)));
  });

  it('has no property of a field that the preview leaves out', () => {
    expect(panels.flatMap(unknownProperties)).toEqual([]);
  });

  it('has no colours of a heatmap that the preview cannot draw', () => {
    expect(panels.filter(({ type, options }) => type === 'heatmap' && !knowsColor(options.color)).map(({ title }) => title)).toEqual([]);
  });

  // Where thresholds give the colours, Grafana names states by these, as in "< 1", and not by the mappings.
  it('has no state timeline whose states Grafana names by thresholds', () => {
    expect(panels.filter(({ type, fieldConfig }) => type === 'state-timeline' && fieldConfig.defaults.color?.mode === 'thresholds').map(({ title }) => title)).toEqual([]);
  });

  it('has a value for every variable of every query', () => {
    const choices = Object.fromEntries(dashboard.templating.list.map(({ name }) => [name, { all: '.+' }]));
    for (const { expr } of panels.flatMap(({ targets }) => targets)) {
      expect(substitute(expr, choices, { intervalMs: 60_000, rateIntervalMs: 240_000, rangeMs: 1 })).not.toContain('$');
    }

    dashboard.templating.list.filter(({ type }) => type === 'query').forEach(({ definition = '' }) => parseLabelValues(definition));
  });
});
