// The exporter's own health. PageHealth.cs makes the same.

import { el, time } from './parts.js';

const fact = (term, value) => el('div', {}, el('dt', {}, term), el('dd', {}, value));

/** Shows it. */
export function showHealth(health) {
  document.getElementById('facts').replaceChildren(
    fact('Takes events', health.ready ? 'yes' : `no: ${health.problem}`),
    fact('Agents last heard', time(health.agent_heard_at) ?? 'not yet'),
    fact('Webhooks last heard', time(health.webhook_heard_at) ?? (health.webhooks ? 'none since the start' : 'off: --webhook-secret-file turns them on')),
    fact('Journal', health.journal_bytes === undefined ? 'nothing is kept: --data keeps it' : `${(health.journal_bytes / 1e6).toFixed(1)} MB behind the last snapshot`),
    fact('History', health.history_days === undefined ? 'none is kept' : `${Number(health.history_days.toFixed(1))} days of jobs and deployments`),
    fact('Samples at the last scrape', health.series === undefined ? 'not scraped yet' : health.series.toLocaleString('en')),
    fact('Series left out by a limit', `${health.dropped_series}`),
    fact('Running since', time(health.started_at)),
    fact('Version', health.version));
  const rejected = health.rejected.map(({ source, reason, events }) => el('li', {}, el('span', {}, source), ' ', el('span', {}, reason), ' ', el('strong', {}, `${events}`)));
  document.getElementById('rejected').replaceChildren(...(rejected.length > 0 ? rejected : [el('li', { class: 'none' }, 'None since the exporter started.')]));
}
