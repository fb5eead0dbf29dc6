import { useEffect, useState } from 'react';
import { type Dashboard } from './dashboard';
import { type Prometheus } from './prometheus';
import { type Choices, parseLabelValues, substitute } from './substitute';

export interface Offered {
  /** The values that each variable offers. */
  values: Record<string, string[]>;
  /** What queries are to be asked with. */
  choices: Choices;
  error?: string;
}

/** Asks for the values of variables in their order: one may be asked for with what is chosen of those before it. */
export function useChoices(dashboard: Dashboard, prometheus: Prometheus, chosen: Record<string, string[]>, fromMs: number, toMs: number): Offered | null {
  const [offered, setOffered] = useState<{ of: string; offered: Offered } | null>(null);
  const key = JSON.stringify([dashboard.uid, chosen, fromMs, toMs]);
  useEffect(() => {
    let isLate = false;
    const tell = (offered: Offered) => {
      if (!isLate) {
        setOffered({ of: key, offered });
      }
    };
    const [, ofKey] = JSON.parse(key) as [string, Record<string, string[]>];
    resolve(dashboard, prometheus, ofKey, fromMs, toMs).then(tell, (error: unknown) =>
      tell({ values: {}, choices: {}, error: error instanceof Error ? error.message : String(error) })
    );
    return () => {
      isLate = true;
    };
  }, [key, dashboard, prometheus, fromMs, toMs]);
  return offered?.of === key ? offered.offered : null;
}

async function resolve(dashboard: Dashboard, prometheus: Prometheus, chosen: Record<string, string[]>, fromMs: number, toMs: number): Promise<Offered> {
  const values: Record<string, string[]> = {};
  const choices: Choices = {};
  for (const { name, type, definition = '', allValue } of dashboard.templating.list) {
    if (type !== 'query') {
      continue;
    }

    const { metric, label } = parseLabelValues(definition);
    values[name] = await prometheus.labelValues(substitute(metric, choices, { intervalMs: 60_000, rateIntervalMs: 60_000, rangeMs: toMs - fromMs }), label, fromMs, toMs);

    // What is no longer offered is no longer chosen.
    const kept = (chosen[name] ?? []).filter((value) => values[name].includes(value));
    choices[name] = kept.length > 0 ? { values: kept } : allValue ? { all: allValue } : { values: values[name] };
  }

  return { values, choices };
}
