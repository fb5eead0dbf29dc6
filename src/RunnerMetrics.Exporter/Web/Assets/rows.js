// The rows of the lists. PageRows.cs makes the same ones.

import { bar, el, icon, name, state, time } from './parts.js';
import { fault } from './words.js';

/** The address of a runner's own view. */
export const runnerLink = (runner, type, scope) => `/?${new URLSearchParams({ runner, runner_type: type ?? '', runner_scope: scope ?? '' })}`;

export const runnerKey = (runner) => `${runner.scope ?? ''}/${runner.type}/${runner.name}`;

export const jobLink = (job) => el('a', { href: `/?job=${encodeURIComponent(job.id)}` }, name(job.name, '(unnamed job)'));

/** A link to GitHub; what has none keeps its place. */
export const out = (url, of, what = 'Run') => (url
  ? el('a', { class: 'out', href: url, target: '_blank', rel: 'noopener noreferrer', 'aria-label': `${what} of ${of ?? 'this job'} on GitHub` }, 'GitHub', icon('out'))
  : el('span', { class: 'out' }));

const source = (job) => el('small', {},
  job.repository ? name(job.repository) : null,
  job.workflow ? [job.repository ? ' · ' : '', name(job.workflow)] : null,
  job.run_attempt > 1 ? ` · attempt ${job.run_attempt}` : null);

/** A job that ended, runs or waits. */
export const jobRow = (job) => el('li', { class: 'row job' },
  state(job.conclusion ?? job.state, fault(job.reason)),
  el('span', { class: 'what' }, jobLink(job), source(job)),
  el('span', { class: 'where' }, job.runner ? el('a', { href: runnerLink(job.runner, job.type, job.scope) }, name(job.runner)) : null, el('small', {}, name(job.type))),
  bar(job),
  el('span', { class: 'when' }, time(job.completed_at ?? job.started_at ?? job.queued_at)),
  out(job.url, job.name));

/** A job that waits. */
export const waitingRow = (job) => el('li', { class: 'row wait' },
  state(job.state),
  el('span', { class: 'what' }, jobLink(job), source(job)),
  el('span', { class: 'where' }, el('small', {}, 'asks for'), name(job.type, 'any type')),
  el('span', { class: 'when' }, el('small', {}, 'for'), time(job.queued_at, true)),
  out(job.url, job.name));

/** A runner. */
export const runnerRow = (runner) => el('li', { class: 'row runner' },
  state(runner.state),
  el('span', { class: 'what' }, el('a', { href: runnerLink(runner.name, runner.type, runner.scope) }, name(runner.name)), el('small', {}, name(runner.type), runner.scope ? [' · ', name(runner.scope)] : null)),
  el('span', { class: 'doing' }, runner.job ? [name(runner.job.name, '(unnamed job)'), el('small', {}, name(runner.job.repository))] : null),
  el('span', { class: 'when' }, el('small', {}, runner.state === 'busy' ? 'running for' : runner.since ? 'for' : ''), time(runner.since, true)),
  el('span', { class: 'version' }, runner.version ?? ''));

/** A deployment. */
export const deploymentRow = (deployment) => el('li', { class: 'row deployment' },
  state(deployment.state, deployment.rework ? 'rework' : null),
  el('span', { class: 'what' }, name(deployment.repository), el('small', {}, name(deployment.sha?.slice(0, 10)))),
  el('span', { class: 'where' }, name(deployment.environment)),
  el('span', { class: 'when' }, time(deployment.finished_at ?? deployment.told_at)),
  out(deployment.url, deployment.repository, 'Commit'));
