import { dateTime, type TimeRange } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { align, steps } from '../src/steps';

const hour = 3_600_000;

function last(ms: number): TimeRange {
  const [from, to] = [dateTime(0), dateTime(ms)];
  return { from, to, raw: { from, to } };
}

describe('steps', () => {
  it('has no more points than pixels, in a round step', () => {
    expect(steps(last(24 * hour), 800, '15s').stepMs).toBe(120_000);
  });

  it('is never shorter than a scrape', () => {
    expect(steps(last(hour), 1000, '1m').stepMs).toBe(60_000);
  });

  it("is never shorter than the panel's own interval", () => {
    expect(steps(last(24 * hour), 800, '15s', '10m').stepMs).toBe(600_000);
    expect(steps(last(24 * hour), 800, '15s', '1s').stepMs).toBe(120_000);
  });

  it('asks for no more points than Prometheus gives', () => {
    const { stepMs } = steps(last(365 * 24 * hour), 100_000, '15s');
    expect((365 * 24 * hour) / stepMs).toBeLessThanOrEqual(11_000);
  });

  it('gives rates four scrapes, or a step and a scrape', () => {
    expect(steps(last(hour), 1000, '15s').rateIntervalMs).toBe(60_000);
    expect(steps(last(24 * hour), 800, '15s').rateIntervalMs).toBe(135_000);
    expect(steps(last(24 * hour), 800, '15s', '10m').rateIntervalMs).toBe(615_000);
  });
});

describe('align', () => {
  it('asks for the same moments whenever it is asked', () => {
    expect(align(61_000, 185_000, 60_000)).toEqual({ fromMs: 60_000, toMs: 180_000 });
  });
});
