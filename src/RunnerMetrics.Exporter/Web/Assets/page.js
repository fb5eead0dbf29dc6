// The page: reads what the address asks for, again whenever something happened, and at most once a second.

import { ask } from './api.js';
import { showDetail, watchDetail } from './detail.js';
import { showGitHub } from './github.js';
import { showHealth } from './health.js';
import { explain, show } from './list.js';
import { showOverview } from './overview.js';
import { tick } from './parts.js';
import { deploymentRow, jobRow, runnerKey, runnerRow, waitingRow } from './rows.js';
import { hear } from './stream.js';
import { watchTheme } from './theme.js';
import { setNow } from './words.js';

const EVERY = 1000;
const ANYWAY = 30_000;
const FIRST_JOBS = 50;
const FIRST_RUNNERS = 60;
const MOST_JOBS = 500;
const FIRST_PARTS = 5;
const ATTENTION = 12;

const byId = (id) => document.getElementById(id);
const search = byId('q');
const filters = byId('filters');
const dirty = new Set();
let [jobsShown, partsRead, runnersShown] = [FIRST_JOBS, FIRST_PARTS, FIRST_RUNNERS];
let health = null;
let [timer, startedAt, isAsking] = [0, 0, false];

const asked = () => ({ ...Object.fromEntries(new FormData(filters)), q: search.value.trim() });
const ofOpen = ({ q, type, repository, workflow }) => ({ q, type, repository, workflow });

// What the history cannot answer is said in its lists; the rest goes on. What it cannot answer now is asked again.
async function fillList(id, request, show) {
  try {
    show(await request);
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    explain(byId(id), problem.message);
    if (problem.status >= 500) throw problem;
  }
}

// Where few jobs fit, the exporter looks through its history a part at a time; after some parts in which nothing was found, somebody is asked whether to go on.
async function pagesOf(query) {
  const items = [];
  let [next, empty] = ['', 0];
  do {
    const page = await ask('jobs', { ...query, limit: jobsShown - items.length, after: next });
    items.push(...page.items);
    next = page.next ?? '';
    empty += page.items.length === 0 ? 1 : 0;
  } while (next && items.length < jobsShown && empty < partsRead);
  return { items, next };
}

const READERS = {
  async overview(query) {
    const [summary, known] = await Promise.all([ask('summary'), ask('health')]);
    health = known;
    showOverview(summary, health);
    showHealth(health);
    await Promise.all([
      fillList('running-list', ask('jobs', { ...ofOpen(query), state: 'running', sort: 'time', limit: 100 }), ({ items }) => show(byId('running-list'), items, (job) => job.id, jobRow)),
      fillList('waiting-list', ask('queue', { ...ofOpen(query), limit: 20 }), ({ items }) => show(byId('waiting-list'), items, (job) => job.id, waitingRow)),
    ]);
  },
  async jobs(query) {
    await fillList('failed-list', ask('jobs', { ...ofOpen(query), conclusion: 'failed', limit: 10 }), ({ items }) => show(byId('failed-list'), items, (job) => job.id, jobRow));
    await fillList('jobs-list', pagesOf(query), ({ items, next }) => {
      show(byId('jobs-list'), items, (job) => job.id, jobRow);
      const older = byId('jobs-more');
      older.hidden = !next || items.length >= MOST_JOBS;
      older.textContent = items.length < jobsShown ? 'Look further back' : 'Older jobs';
    });
    const given = Object.entries(query).filter(([, value]) => value !== '');
    byId('jobs-csv').href = `/api/v1/jobs?${new URLSearchParams([...given, ['format', 'csv']])}`;
  },
  async runners({ q, type }) {
    const { items, total } = await ask('runners', { q, type, sort: 'state', limit: runnersShown });
    show(byId('runners-list'), items, runnerKey, runnerRow);
    show(byId('attention-list'), items.filter((runner) => ['offline', 'refused', 'disconnected'].includes(runner.state)).slice(0, ATTENTION), runnerKey, runnerRow);
    byId('runners-total').textContent = `${items.length} of ${total}`;
    byId('runners-more').hidden = items.length >= total;
  },
  // The exporter's health says whether GitHub's API is asked; before it is known, the page's first view does.
  async github() {
    showGitHub((health?.github ?? !byId('github').hidden) ? await ask('github') : null);
  },
  async deployments() {
    await fillList('deployments-list', ask('deployments', { limit: 10 }), ({ items }) => show(byId('deployments-list'), items, (one) => `${one.repository}/${one.id}`, deploymentRow));
  },
};

const TOUCHED = { job: ['overview', 'jobs', 'runners'], runner: ['overview', 'runners'], deployment: ['overview', 'deployments'], reset: Object.keys(READERS) };

function touch(...names) {
  names.forEach((name) => dirty.add(name));
  if (timer === 0 && !isAsking && dirty.size > 0 && !document.hidden) timer = setTimeout(read, Math.max(0, startedAt + EVERY - performance.now()));
}

async function read() {
  timer = 0;
  isAsking = true;
  startedAt = performance.now();
  const names = [...dirty];
  dirty.clear();
  const query = asked();
  const ends = await Promise.allSettled(names.map((name) => READERS[name](query)));
  names.filter((_, i) => ends[i].status === 'rejected').forEach((name) => dirty.add(name));
  isAsking = false;
  byId('main').dataset.readings = Number(byId('main').dataset.readings ?? 0) + 1;
  touch();
}

// What is typed is looked for at once, not a second later.
function find() {
  const url = new URL(location.href);
  for (const [key, value] of Object.entries(asked())) {
    if (value) url.searchParams.set(key, value); else url.searchParams.delete(key);
  }
  history.replaceState(null, '', url);
  byId('filters-clear').hidden = Object.values(asked()).every((value) => value === '');
  [jobsShown, partsRead, runnersShown] = [FIRST_JOBS, FIRST_PARTS, FIRST_RUNNERS];
  startedAt = -EVERY;
  clearTimeout(timer);
  timer = 0;
  touch('overview', 'jobs', 'runners');
}

function watchFilters() {
  let typing = 0;
  const later = () => { clearTimeout(typing); typing = setTimeout(find, 150); };
  search.addEventListener('input', later);
  filters.addEventListener('input', later);
  for (const form of [search.form, filters]) form.addEventListener('submit', (event) => { event.preventDefault(); find(); });
  byId('filters-clear').addEventListener('click', () => {
    for (const field of filters.elements) if (field.name) field.value = '';
    search.value = '';
    find();
  });
  byId('jobs-more').addEventListener('click', () => {
    if (byId('jobs-list').children.length < jobsShown) partsRead += 25; else jobsShown = Math.min(MOST_JOBS, jobsShown + 50);
    touch('jobs');
  });
  byId('runners-more').addEventListener('click', () => { runnersShown = Math.min(1000, runnersShown + 200); touch('runners'); });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? '') && !byId('detail').open) {
      event.preventDefault();
      search.focus();
    }
  });
}

setNow(Number(byId('main').dataset.now));
watchTheme(byId('theme'));
watchFilters();
watchDetail();
showDetail();
filters.querySelector('button:not([type])').hidden = true;
byId('filters-clear').hidden = Object.values(asked()).every((value) => value === '');
hear((kind) => touch(...TOUCHED[kind.split('.')[0]]), (isLive) => {
  const live = byId('live');
  if (live.className === (isLive ? 'on' : 'off')) return;
  live.className = isLive ? 'on' : 'off';
  live.textContent = isLive ? 'Live' : 'Not connected: trying again';
});
setInterval(tick, 1000);
setInterval(() => touch('overview', 'runners', 'github'), ANYWAY);
document.addEventListener('visibilitychange', () => touch(...Object.keys(READERS)));
