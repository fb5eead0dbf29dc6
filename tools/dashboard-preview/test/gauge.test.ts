import { describe, expect, it } from 'vitest';
import { angleOf, gaugeLayout, partsOf } from '../src/panels/gauge';

describe('angleOf', () => {
  it('goes from left to right over the top', () => {
    expect([0, 50, 100].map((value) => angleOf(value, 0, 100))).toEqual([-110, 0, 110]);
  });

  it('stays on the scale', () => {
    expect([-5, 250].map((value) => angleOf(value, 0, 100))).toEqual([-110, 110]);
    expect(angleOf(3, 3, 3)).toBe(-110);
  });
});

describe('partsOf', () => {
  const steps = [
    { value: -Infinity, color: 'red' },
    { value: 80, color: 'orange' },
    { value: 95, color: 'green' },
  ];

  it('colours the whole scale', () => {
    expect(partsOf(steps, 0, 100)).toEqual([
      { from: 0, to: 80, color: 'red' },
      { from: 80, to: 95, color: 'orange' },
      { from: 95, to: 100, color: 'green' },
    ]);
  });

  it('leaves out what is outside of the scale', () => {
    expect(partsOf(steps, 85, 90)).toEqual([{ from: 85, to: 90, color: 'orange' }]);
  });
});

describe('gaugeLayout', () => {
  it.each([
    [400, 150],
    [120, 400],
  ])('fits into %i x %i', (width, height) => {
    const { center, bar, ring, labels } = gaugeLayout(width, height, { thresholds: true, labels: true });
    expect(center.x - labels!.radius).toBeGreaterThanOrEqual(0);
    expect(center.y - labels!.radius).toBeGreaterThanOrEqual(0);
    expect(bar.radius + bar.width / 2).toBeLessThan(ring!.radius - ring!.width / 2);
    expect(ring!.radius + ring!.width / 2).toBeLessThan(labels!.radius);
    expect(center.y + labels!.radius * Math.sin(Math.PI / 9)).toBeLessThanOrEqual(height);
  });

  it('has no ring and no scale where none is asked for', () => {
    const { ring, labels } = gaugeLayout(200, 200, { thresholds: false, labels: false });
    expect([ring, labels]).toEqual([undefined, undefined]);
  });
});
