import { formattedValueToString, getActiveThreshold } from '@grafana/data';
import { type PanelProps } from './types';
import { valuesOf } from './values';

const sweep = 240;

/** An arc from the least to the most, with its thresholds around it. */
export function GaugePanel(props: PanelProps) {
  const { theme, width, height } = props;
  const [shown] = valuesOf(props);
  const { thresholds } = shown.field;
  const [min, max] = [shown.field.min ?? 0, shown.field.max ?? 100];
  const radius = Math.max(10, Math.min(width / 2, height / 1.6) - 8);
  const [x, y] = [width / 2, height / 2 + radius * 0.22];
  const share = (value: number) => Math.min(1, Math.max(0, (value - min) / (max - min)));
  const steps = thresholds?.steps ?? [];
  const value = shown.display.numeric;
  const color = theme.visualization.getColorByName(getActiveThreshold(value, steps).color);
  const bar = radius * 0.3;
  return (
    <svg width={width} height={height} role="img" aria-label={shown.display.text}>
      <path d={arc(x, y, radius - 7 - bar / 2, 0, 1)} stroke={theme.colors.background.secondary} strokeWidth={bar} fill="none" />
      {!Number.isNaN(value) && share(value) > 0 && <path d={arc(x, y, radius - 7 - bar / 2, 0, share(value))} stroke={color} strokeWidth={bar} fill="none" />}
      {steps.map((step, index) => (
        <path
          key={index}
          d={arc(x, y, radius - 2, share(step.value ?? min), index + 1 < steps.length ? share(steps[index + 1].value) : 1)}
          stroke={theme.visualization.getColorByName(step.color)}
          strokeWidth={4}
          fill="none"
        />
      ))}
      <text x={x} y={y + radius * 0.1} textAnchor="middle" fontSize={radius * 0.34} fontWeight={500} fill={color}>
        {formattedValueToString(shown.display)}
      </text>
    </svg>
  );
}

function arc(x: number, y: number, radius: number, from: number, to: number): string {
  const at = (share: number) => {
    const angle = ((-90 - sweep / 2 + share * sweep) * Math.PI) / 180;
    return `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`;
  };
  return `M ${at(from)} A ${radius} ${radius} 0 ${(to - from) * sweep > 180 ? 1 : 0} 1 ${at(to)}`;
}
