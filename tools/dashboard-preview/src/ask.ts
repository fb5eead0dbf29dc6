import { type DataFrame, type TimeRange } from '@grafana/data';
import { type Panel } from './dashboard';
import { framesOf } from './frames';
import { type Prometheus } from './prometheus';
import { align, steps } from './steps';
import { type Choices, substitute } from './substitute';
import { transformed } from './transform';

export interface Question {
  prometheus: Prometheus;
  choices: Choices;
  range: TimeRange;
  scrapeInterval: string;
}

/** What a panel of a width asks, and what it was answered. */
export async function ask(panel: Panel, width: number, { prometheus, choices, range, scrapeInterval }: Question): Promise<DataFrame[]> {
  const { stepMs, rateIntervalMs } = steps(range, width, scrapeInterval, panel.interval);
  const [from, to] = [range.from.valueOf(), range.to.valueOf()];
  const answers = await Promise.all(
    panel.targets.map(async (target) => {
      const expression = substitute(target.expr, choices, { intervalMs: stepMs, rateIntervalMs, rangeMs: to - from });
      const { fromMs, toMs } = align(from, to, stepMs);
      const series = target.instant ? await prometheus.query(expression, to) : await prometheus.queryRange(expression, fromMs, toMs, stepMs);
      return framesOf(panel, target, series, { fromMs, toMs, stepMs });
    })
  );
  return await transformed(panel, answers.flat());
}
