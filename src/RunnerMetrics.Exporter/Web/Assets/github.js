// What GitHub's API tells. GitHubSection.cs makes the same rows, and has the words.

import { el, name, time } from './parts.js';
import { duration } from './words.js';

const MOST_ROWS = 100;

const byId = (id) => document.getElementById(id);
const words = JSON.parse(byId('github').dataset.words);

const CELLS = {
  waiting: ({ labels, type, jobs, oldest_at, reason }) => [name(labels.length > 0 ? labels.join(', ') : type), `${jobs}`, time(oldest_at, true), words[reason] ?? words.unknown],
  unmatched: (runner) => [name(runner.name), name(runner.scope), runner.github ?? words.not_registered, runner.agent ?? words.no_agent, time(runner.since, true)],
  registered: ({ scope, registered, online, busy, listed_at }) => [name(scope), `${registered}`, `${online}`, `${busy}`, time(listed_at)],
  features: ({ feature, problem, works, since, last_success_at }) => [feature, problem ?? (works ? words.works : words.not_asked), time(since, true), time(last_success_at)],
  limits: ({ credential, used, share, remaining, limit }) => [credential, `${used}`, `${share}`, remaining === undefined ? '' : `${remaining}`, `${limit}`],
  deliveries: ({ found, recovered, given_up, missing }) => [`${found}`, `${recovered}`, `${given_up}`, `${missing}`],
  polling: ({ cycle_seconds, told_until }) => [duration(cycle_seconds * 1000), time(told_until)],
};

const shown = {};

function showTable(id, rows, cells) {
  const text = JSON.stringify(rows);
  if (text === shown[id]) return;
  shown[id] = text;
  const table = byId(`github-${id}`);
  table.hidden = rows.length === 0;
  table.querySelector('.count').textContent = `${rows.length}`;
  table.querySelector('tbody').replaceChildren(...rows.slice(0, MOST_ROWS).map((row) => el('tr', {}, cells(row).map((cell) => el('td', {}, cell)))));
}

/** Shows it; hides it where there is nothing. */
export function showGitHub(told) {
  byId('github').hidden = !told;
  for (const [id, cells] of Object.entries(CELLS)) showTable(id, [told?.[id] ?? []].flat(), cells);
}
