import { type Threshold } from '@grafana/data';
import { type Circle } from './arc';

/** How far the arc of a gauge goes, in degrees: as Grafana 13's. */
const sweep = 220;

export interface GaugeLayout {
  center: Circle;
  /** Radius and width of the bar, and of the ring of thresholds around it, where there is one. */
  bar: { radius: number; width: number };
  ring?: { radius: number; width: number };
  /** Radius and size of the text of the scale, where it is shown. */
  labels?: { radius: number; size: number };
}

/** As large as fits: below its centre an arc has only the part that its ends reach down to. */
export function gaugeLayout(width: number, height: number, shows: { thresholds: boolean; labels: boolean }): GaugeLayout {
  const below = Math.sin(((sweep / 2 - 90) * Math.PI) / 180);
  const whole = Math.max(10, Math.min(width / 2, height / (1 + below)));
  const center = { x: width / 2, y: (height - whole * (1 + below)) / 2 + whole };
  const labels = shows.labels ? { radius: whole - Math.max(10, whole * 0.1), size: Math.max(10, whole * 0.1) } : undefined;
  const outer = labels ? labels.radius - 4 : whole;
  const ringWidth = Math.min(12, Math.max(4, whole * 0.04));
  const ring = shows.thresholds ? { radius: outer - ringWidth / 2, width: ringWidth } : undefined;
  const barWidth = whole / 6;
  const edge = ring ? outer - ringWidth * 1.5 : outer;
  return { center, bar: { radius: edge - barWidth / 2, width: barWidth }, ring, labels };
}

/** The angle of a value between the least and the most; of one outside, the end of the scale. */
export function angleOf(value: number, min: number, max: number): number {
  const share = max > min ? (value - min) / (max - min) : 0;
  return Math.min(1, Math.max(0, share)) * sweep - sweep / 2;
}

/** The part of the scale that each threshold colours, without those that are outside of it. */
export function partsOf(steps: Threshold[], min: number, max: number): Array<{ from: number; to: number; color: string }> {
  return steps
    .map(({ value, color }, index) => ({ from: Math.max(min, value ?? -Infinity), to: Math.min(max, steps[index + 1]?.value ?? Infinity), color }))
    .filter(({ from, to }) => from < to);
}
