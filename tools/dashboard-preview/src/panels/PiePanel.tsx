import { formattedValueToString } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { VizLayout, VizLegend } from '@grafana/ui';
import { type PanelProps } from './types';
import { valuesOf } from './values';

/** A ring of shares, with Grafana's legend beside it. */
export function PiePanel(props: PanelProps) {
  const { panel, theme, width, height } = props;
  const values = valuesOf(props).filter((value) => value.display.numeric > 0);
  const all = values.reduce((sum, value) => sum + value.display.numeric, 0);
  const legend = (
    <VizLayout.Legend placement={panel.options.legend.placement} maxWidth="60%">
      <VizLegend
        placement={panel.options.legend.placement}
        displayMode={panel.options.legend.displayMode ?? LegendDisplayMode.List}
        readonly={true}
        items={values.map(({ display }) => ({
          label: display.title ?? '',
          color: display.color,
          yAxis: 1,
          getDisplayValues: () => [
            { ...display, title: 'Value' },
            { numeric: display.numeric / all, text: `${Math.round((display.numeric / all) * 100)}%`, title: 'Percent' },
          ],
        }))}
      />
    </VizLayout.Legend>
  );
  return (
    <VizLayout width={width} height={height} legend={legend}>
      {(width, height) => {
        const radius = Math.max(10, Math.min(width, height) / 2 - 6);
        let from = 0;
        return (
          <svg width={width} height={height}>
            <g transform={`translate(${width / 2} ${height / 2}) rotate(-90)`}>
              {values.map(({ display }) => {
                const share = display.numeric / all;
                const length = 2 * Math.PI * radius * 0.8;
                const slice = (
                  <circle
                    key={display.title}
                    r={radius * 0.8}
                    fill="none"
                    stroke={display.color}
                    strokeWidth={radius * 0.4}
                    strokeDasharray={`${Math.max(0, share * length - 1.5)} ${length}`}
                    strokeDashoffset={-from * length}
                  >
                    <title>{`${display.title}: ${formattedValueToString(display)}`}</title>
                  </circle>
                );
                from += share;
                return slice;
              })}
            </g>
            {values.length === 0 && (
              <text x={width / 2} y={height / 2} textAnchor="middle" fill={theme.colors.text.secondary}>
                all are 0
              </text>
            )}
          </svg>
        );
      }}
    </VizLayout>
  );
}
