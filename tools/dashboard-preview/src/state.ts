import { dateMath, dateTime, type TimeRange } from '@grafana/data';
import { type Dashboard, dashboards } from './dashboard';

// What is chosen stands in the page's address, under Grafana's own names where it has them: the address can be kept, and handed on.

export interface State {
  dashboard: Dashboard;
  theme: 'dark' | 'light';
  from: string;
  to: string;
  /** How often the Prometheus scrapes: Grafana has it with its data source. */
  scrape: string;
  /** What is chosen of each variable; nothing stands for all. */
  choices: Record<string, string[]>;
}

export function read(search: string): State {
  const parameters = new URLSearchParams(search);
  const dashboard = dashboards.find(({ uid }) => uid === parameters.get('dashboard')) ?? dashboards[0];
  return {
    dashboard,
    theme: parameters.get('theme') === 'light' ? 'light' : 'dark',
    from: parameters.get('from') ?? dashboard.time.from,
    to: parameters.get('to') ?? dashboard.time.to,
    scrape: parameters.get('scrape') ?? '15s',
    choices: Object.fromEntries(
      dashboard.templating.list.map(({ name }) => [name, parameters.getAll(`var-${name}`).filter((value) => value !== '' && value !== '$__all')])
    ),
  };
}

export function write({ dashboard, theme, from, to, scrape, choices }: State): string {
  const parameters = new URLSearchParams({ dashboard: dashboard.uid, theme, from, to, scrape });
  for (const [name, values] of Object.entries(choices)) {
    values.forEach((value) => parameters.append(`var-${name}`, value));
  }

  return `?${parameters.toString()}`;
}

/** "now-24h", or milliseconds since 1970. */
export function rangeOf({ from, to }: { from: string; to: string }): TimeRange {
  const at = (text: string, roundUp: boolean) => (/^\d+$/.test(text) ? dateTime(Number(text)) : dateMath.parse(text, roundUp)) ?? dateTime(NaN);
  return { from: at(from, false), to: at(to, true), raw: { from, to } };
}
