import { rangeUtil, type TimeRange } from '@grafana/data';

// How far apart the points of a query are, and what follows from it: as Grafana computes it for its Prometheus data source.

/** Prometheus answers with at most 11,000 points a series. */
const mostPoints = 11_000;

export interface Steps {
  /** Between two points, and $__interval. */
  stepMs: number;
  /** $__rate_interval: long enough for four scrapes, and for a step and one scrape more. The panel's least step has no part in it but by the step. */
  rateIntervalMs: number;
}

/**
 * @param range what is looked at
 * @param width of the panel in pixels: no more points than that
 * @param scrapeInterval of the data source, such as "15s"
 * @param panelInterval the panel's least step, if it has one
 */
export function steps(range: TimeRange, width: number, scrapeInterval: string, panelInterval?: string): Steps {
  const least = panelInterval && rangeUtil.intervalToMs(panelInterval) > rangeUtil.intervalToMs(scrapeInterval) ? panelInterval : scrapeInterval;
  const interval = rangeUtil.calculateInterval(range, Math.max(1, Math.floor(width)), least).intervalMs;
  const safe = Math.ceil((range.to.valueOf() - range.from.valueOf()) / mostPoints / 1000) * 1000;
  const stepMs = Math.max(interval, safe);
  const scrapeMs = rangeUtil.intervalToMs(scrapeInterval);
  return { stepMs, rateIntervalMs: Math.max(stepMs + scrapeMs, 4 * scrapeMs) };
}

/** The range with its ends at whole steps, so that the same moments are asked for each time. */
export function align(fromMs: number, toMs: number, stepMs: number): { fromMs: number; toMs: number } {
  return { fromMs: Math.floor(fromMs / stepMs) * stepMs, toMs: Math.floor(toMs / stepMs) * stepMs };
}
