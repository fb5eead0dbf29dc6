import { colorManipulator, type FieldDisplay, formattedValueToString } from '@grafana/data';
import { LegendDisplayMode } from '@grafana/schema';
import { VizLayout, VizLegend } from '@grafana/ui';
import { type MouseEvent, useId, useState } from 'react';
import { pointAt, slice } from './arc';
import { Hover, type Hovered } from './Hover';
import { type Part, partsOfCircle, pieRadii } from './pie';
import { type PanelProps } from './types';
import { valuesOf } from './values';

/** A pie or a donut of shares, with Grafana's legend beside it. */
export function PiePanel(props: PanelProps) {
  const { panel, theme, width, height } = props;
  const { legend, pieType, displayLabels = [], sort } = panel.options;
  const [hovered, setHovered] = useState<Hovered>();
  const id = useId();
  const parts = partsOfCircle(valuesOf(props), ({ display }) => display.numeric, sort);
  const shown = legend.showLegend === false ? null : (
    <VizLayout.Legend placement={legend.placement} maxWidth="60%">
      <VizLegend
        placement={legend.placement}
        displayMode={legend.displayMode ?? LegendDisplayMode.List}
        readonly={true}
        items={parts.map(({ item, share }) => ({
          label: item.display.title ?? '',
          color: item.display.color,
          yAxis: 1,
          getDisplayValues: () => [
            ...(legend.values?.includes('value') ? [{ ...item.display, title: 'Value' }] : []),
            ...(legend.values?.includes('percent') ? [{ numeric: share, text: percent(item, share), title: 'Percent' }] : []),
          ],
        }))}
      />
    </VizLayout.Legend>
  );

  function onMouseMove({ item, share }: Part<FieldDisplay>, { clientX, clientY }: MouseEvent) {
    const value = `${formattedValueToString(item.display)} (${percent(item, share)})`;
    setHovered({ x: clientX, y: clientY, rows: [{ color: item.display.color, label: item.display.title, value }] });
  }

  return (
    <VizLayout width={width} height={height} legend={shown}>
      {(width, height) => {
        const { inner, outer } = pieRadii(width, height, pieType);
        const center = { x: width / 2, y: height / 2 };
        return (
          <>
            <svg width={width} height={height} onMouseLeave={() => setHovered(undefined)}>
              {parts.map((part, index) => {
                const { item, share, from, to } = part;
                const color = item.display.color ?? theme.colors.text.disabled;
                const text = pointAt(center, (inner > 0 ? inner + outer : outer * 1.2) / 2, (from + to) / 2);
                return (
                  <g key={index} onMouseMove={(event) => onMouseMove(part, event)}>
                    <radialGradient id={`${id}${index}`} gradientUnits="userSpaceOnUse" cx={center.x} cy={center.y} r={outer}>
                      <stop offset={inner / outer} stopColor={theme.isDark ? colorManipulator.darken(color, 0.2) : colorManipulator.lighten(color, 0.2)} />
                      <stop offset={1} stopColor={color} />
                    </radialGradient>
                    <path d={slice(center, inner, outer, from, to)} fill={`url(#${id}${index})`} stroke={theme.colors.background.primary} strokeWidth={1} />
                    {displayLabels.length > 0 && share > 0.05 && (
                      <text {...text} textAnchor="middle" dominantBaseline="central" fontSize={12} fontWeight={500} fill={theme.colors.getContrastText(color)}>
                        {labelsOf(item, share, displayLabels).join(' ')}
                      </text>
                    )}
                  </g>
                );
              })}
              {parts.length === 0 && (
                <text {...center} textAnchor="middle" fill={theme.colors.text.secondary}>
                  all are 0
                </text>
              )}
            </svg>
            <Hover hovered={hovered} />
          </>
        );
      }}
    </VizLayout>
  );
}

function labelsOf(item: FieldDisplay, share: number, labels: string[]): string[] {
  return [
    ...(labels.includes('name') ? [item.display.title ?? ''] : []),
    ...(labels.includes('value') ? [formattedValueToString(item.display)] : []),
    ...(labels.includes('percent') ? [percent(item, share)] : []),
  ];
}

function percent({ field }: FieldDisplay, share: number): string {
  return `${(share * 100).toFixed(field.decimals ?? 0)}%`;
}
