import { type DisplayValueAlignmentFactors, type FieldDisplay, formattedValueToString, getDisplayValueAlignmentFactors, type GrafanaTheme2 } from '@grafana/data';
import { calculateFontSize, VizRepeater } from '@grafana/ui';
import { arc, pointAt } from './arc';
import { angleOf, gaugeLayout, partsOf } from './gauge';
import { type PanelProps } from './types';
import { valuesOf } from './values';

const lineHeight = 1.21;

/** A gauge for each value, arranged by Grafana's own code. */
export function GaugePanel(props: PanelProps) {
  const { panel, width, height, theme, frames } = props;
  return (
    <VizRepeater<FieldDisplay, DisplayValueAlignmentFactors>
      getValues={() => valuesOf(props)}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      renderValue={({ value, width, height, count }) => <Gauge value={value} width={width} height={height} theme={theme} options={panel.options} hasName={count > 1} />}
      width={width}
      height={height}
      source={frames}
      renderCounter={0}
      autoGrid={true}
      itemSpacing={16}
      orientation={panel.options.orientation}
    />
  );
}

interface Props {
  value: FieldDisplay;
  width: number;
  height: number;
  theme: GrafanaTheme2;
  options: { showThresholdMarkers?: boolean; showThresholdLabels?: boolean };
  hasName: boolean;
}

/** An arc from the least to the most, with its thresholds around it. */
function Gauge({ value: { display, field, view, colIndex }, width, height, theme, options, hasName }: Props) {
  const { center, bar, ring, labels } = gaugeLayout(width, height, { thresholds: options.showThresholdMarkers ?? true, labels: options.showThresholdLabels ?? false });
  const [min, max] = [field.min ?? 0, field.max ?? 100];
  const [start, end] = [angleOf(min, min, max), angleOf(max, min, max)];
  const parts = partsOf(field.thresholds?.steps ?? [], min, max);
  const format = view?.getFieldDisplayProcessor(colIndex ?? 0);
  const room = bar.radius * 2 - bar.width * 1.5;
  const size = calculateFontSize(formattedValueToString(display), room, bar.radius * 0.55, lineHeight);
  const y = center.y - (size * lineHeight) / 4;
  return (
    <svg width={width} height={height} role="img" aria-label={`${display.title ?? ''} ${formattedValueToString(display)}`.trim()} fill="none">
      <path d={arc(center, bar.radius, start, end)} stroke={theme.colors.action.hover} strokeWidth={bar.width} />
      {display.numeric > min && <path d={arc(center, bar.radius, start, angleOf(display.numeric, min, max))} stroke={display.color} strokeWidth={bar.width} />}
      {ring &&
        parts.map(({ from, to, color }) => (
          <path
            key={from}
            d={arc(center, ring.radius, angleOf(from, min, max), angleOf(to, min, max))}
            stroke={theme.visualization.getColorByName(color)}
            strokeWidth={ring.width}
          />
        ))}
      {labels &&
        [...parts.map(({ from }) => from), max].map((at) => {
          const angle = angleOf(at, min, max);
          return (
            <text
              key={at}
              {...pointAt(center, labels.radius, angle)}
              fontSize={labels.size}
              fill={theme.colors.text.secondary}
              textAnchor={Math.abs(angle) < 10 ? 'middle' : angle < 0 ? 'end' : 'start'}
            >
              {format ? formattedValueToString(format(at)) : at}
            </text>
          );
        })}
      <text x={center.x} y={y} textAnchor="middle" dominantBaseline="central" fontSize={size} fill={theme.colors.text.primary}>
        <tspan fontSize={size * 0.7}>{display.prefix}</tspan>
        {display.text}
        <tspan fontSize={size * 0.7}>{display.suffix}</tspan>
      </text>
      {hasName && (
        <text x={center.x} y={y + size * lineHeight * 0.75} textAnchor="middle" dominantBaseline="central" fontSize={Math.max(10, size * 0.4)} fill={theme.colors.text.secondary}>
          {display.title}
        </text>
      )}
    </svg>
  );
}
