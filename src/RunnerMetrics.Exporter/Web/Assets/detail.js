// One job or one runner, over the page. Its address opens it again.

import { ask } from './api.js';
import { el, icon, name, state, svg, time, timesOf } from './parts.js';
import { jobRow, out, runnerLink } from './rows.js';
import { duration, fault, stateWord } from './words.js';

const dialog = document.getElementById('detail');
const title = document.getElementById('detail-name');
const body = document.getElementById('detail-body');
const STRIP = 50;

const fact = (term, ...value) => (value.every((part) => part === null || part === undefined || part === '') ? null : el('div', {}, el('dt', {}, term), el('dd', {}, ...value)));
const facts = (...rows) => el('dl', { class: 'facts' }, rows);

function timeline(job) {
  const times = timesOf(job).filter(([, , seconds]) => seconds !== null);
  const total = times.reduce((sum, [, , seconds]) => sum + seconds, 0);
  let x = 0;
  const rects = times.map(([part, , seconds]) => {
    const width = total > 0 ? (seconds / total) * 100 : 0;
    const rect = svg('rect', { class: part, x, width, height: 6 });
    x += width;
    return rect;
  });
  return times.length === 0 ? null : el('div', { class: 'timeline' },
    svg('svg', { viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, rects),
    el('ul', {}, times.map(([part, word, seconds]) => el('li', { class: part }, `${word} ${duration(seconds * 1000)}`))));
}

async function showJob(id) {
  const job = await ask(`jobs/${encodeURIComponent(id)}`);
  title.replaceChildren(name(job.name, '(unnamed job)'));
  body.replaceChildren(
    el('p', { class: 'lead' }, state(job.conclusion ?? job.state, fault(job.reason)), out(job.url, job.name)),
    timeline(job) ?? '',
    facts(
      fact('Repository', name(job.repository)), fact('Workflow', name(job.workflow)),
      fact('Runner', job.runner ? el('a', { href: runnerLink(job.runner, job.type, job.scope) }, name(job.runner)) : null), fact('Type', name(job.type)), fact('Scope', job.scope ? name(job.scope) : null),
      fact('Run', job.run_id ? `${job.run_id}${job.run_attempt ? `, attempt ${job.run_attempt}` : ''}` : null),
      fact('Queued', time(job.queued_at)), fact('Started', time(job.started_at)), fact('First own step', time(job.steps_started_at)), fact('Ended', time(job.completed_at))));
}

async function showRunner({ runner, type, scope }) {
  const of = { runner, type, scope, limit: STRIP };
  const [known, jobs] = await Promise.all([ask('runner', { name: runner, type, scope }).catch((problem) => problem), ask('jobs', of).catch((problem) => problem)]);
  const items = jobs.items ?? [];
  const unresolved = (known.open_jobs ?? 0) - (known.job ? 1 : 0);
  title.replaceChildren(name(runner));
  body.replaceChildren(
    known instanceof Error ? el('p', {}, known.message) : el('p', { class: 'lead' }, state(known.state), el('span', {}, known.since ? ['for ', time(known.since, true)] : '')),
    known instanceof Error ? '' : facts(
      fact('Type', name(known.type)), fact('Scope', known.scope ? name(known.scope) : null), fact('Version', known.version), fact('Listener started', time(known.started_at)),
      fact('Last heard', time(known.last_heard_at)), fact('Takes', known.ephemeral ? 'one job, and is gone' : null), fact('Known from', known.agent ? 'its agent' : 'GitHub alone'),
      fact('Jobs without an end', unresolved > 0 ? `${unresolved}` : null)),
    el('h3', {}, items.length > 0 ? `Its last ${items.length === 1 ? 'job' : `${items.length} jobs`}, the latest first` : jobs instanceof Error ? jobs.message : 'No job of it is known.'),
    el('ul', { class: 'strip', role: 'list' }, items.map((job) => {
      const word = job.conclusion ?? job.state;
      return el('li', {}, el('a', { class: `is-${word}`, href: `/?job=${encodeURIComponent(job.id)}`, title: `${job.name ?? '(unnamed job)'}: ${stateWord(word)}`, 'aria-label': `${job.name ?? '(unnamed job)'}: ${stateWord(word)}` }, icon(word)));
    })),
    el('ol', { class: 'rows', role: 'list' }, items.slice(0, 10).map(jobRow)));
}

/** What an address shows over the page; null where it shows nothing. */
function wanted(url) {
  const query = url.searchParams;
  if (query.get('job')) return () => showJob(query.get('job'));
  if (query.get('runner')) return () => showRunner({ runner: query.get('runner'), type: query.get('runner_type') ?? '', scope: query.get('runner_scope') ?? '' });
  return null;
}

let current = 0;

/** Shows what the address asks for. */
export async function showDetail() {
  const show = wanted(new URL(location.href));
  if (!show) {
    if (dialog.open) dialog.close();
    return;
  }

  const turn = ++current;
  if (!dialog.open) {
    title.textContent = 'Loading …';
    body.replaceChildren();
    dialog.showModal();
  }

  try {
    await show();
  } catch (problem) {
    if (turn === current) {
      title.textContent = 'Not found';
      body.replaceChildren(el('p', {}, problem.message));
    }
  }
}

/** Follows links to jobs and runners without leaving the page. */
export function watchDetail() {
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('a[href^="/?job="], a[href^="/?runner="]');
    if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const url = new URL(location.href);
    for (const key of ['job', 'runner', 'runner_type', 'runner_scope']) url.searchParams.delete(key);
    for (const [key, value] of new URL(link.href).searchParams) url.searchParams.set(key, value);
    history.pushState(null, '', url);
    showDetail();
  });
  dialog.addEventListener('close', () => {
    const url = new URL(location.href);
    if (!wanted(url)) return;
    for (const key of ['job', 'runner', 'runner_type', 'runner_scope']) url.searchParams.delete(key);
    history.pushState(null, '', url);
  });
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  addEventListener('popstate', showDetail);
}
