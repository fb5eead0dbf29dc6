// What is seen first. PageOverview.cs makes the same.

import { el, icon, name, svg } from './parts.js';
import { count, duration, now } from './words.js';

const LONG_WAIT = 10 * 60 * 1000;
const STATES = ['busy', 'idle', 'disconnected', 'offline', 'refused', 'unknown'];

function troublesOf({ runners, jobs }, health) {
  const oldest = jobs?.oldest_queued_at ? now() - new Date(jobs.oldest_queued_at) : 0;
  return [
    health && !health.ready ? `the exporter takes no events: ${health.problem}` : null,
    runners.refused > 0 ? `${count(runners.refused, 'runner')} refused by GitHub for ${runners.refused === 1 ? 'its' : 'their'} version` : null,
    runners.offline > 0 ? `${count(runners.offline, 'runner')} offline` : null,
    runners.disconnected > 0 ? `${runners.disconnected} disconnected from GitHub` : null,
    jobs?.unresolved > 0 ? `${count(jobs.unresolved, 'job')} without an end` : null,
    oldest > LONG_WAIT ? `a job waits for ${duration(oldest)}` : null,
  ].filter((trouble) => trouble !== null);
}

function failuresOf(jobs) {
  const ended = Object.values(jobs.conclusions).reduce((sum, number) => sum + number, 0);
  const faults = Object.entries(jobs.reasons).filter(([, number]) => number > 0).map(([reason, number]) => `${number} ${reason}`);
  if (jobs.conclusions.lost > 0) faults.push(`${jobs.conclusions.lost} lost`);
  return `of ${ended} ended${faults.length > 0 ? `: ${faults.join(', ')}` : ''}`;
}

function tile(id, value, note) {
  const [shownValue, shownNote] = document.querySelectorAll(`#tile-${id} dd`);
  if (shownValue.textContent !== value) shownValue.textContent = value;
  if (shownNote.textContent !== note) shownNote.textContent = note;
}

/** Shows how the fleet is. */
export function showOverview(summary, health) {
  const { runners, jobs, deployments } = summary;
  const troubles = troublesOf(summary, health);
  const text = troubles.length > 0 ? troubles.join(', ') : runners.total === 0 ? 'No runner has reported yet' : 'The fleet is well';
  const sentence = text[0].toUpperCase() + text.slice(1);
  const verdict = document.getElementById('verdict');
  if (verdict.textContent !== sentence) {
    verdict.className = troubles.length > 0 ? 'trouble' : 'well';
    verdict.replaceChildren(icon(troubles.length > 0 ? 'disconnected' : 'success'), el('span', {}, sentence));
  }
  document.title = troubles.length > 0 ? `(${troubles.length}) RunnerMetrics` : 'RunnerMetrics';

  const none = 'no history is kept';
  tile('runners', `${runners.idle + runners.busy} / ${runners.total}`,
    STATES.filter((state) => runners[state] > 0).map((state) => `${runners[state]} ${state}`).join(' · ') || 'none yet');
  tile('running', jobs ? `${jobs.running}` : count(runners.busy, 'runner'), jobs?.unresolved > 0 ? `${jobs.unresolved} without an end` : 'jobs now');
  tile('queued', jobs ? `${jobs.queued}` : '–', jobs ? (jobs.oldest_queued_at ? `oldest ${duration(now() - new Date(jobs.oldest_queued_at))}` : 'no job waits') : none);
  tile('failed', jobs ? `${jobs.conclusions.failed + jobs.conclusions.lost}` : '–', jobs ? failuresOf(jobs) : none);
  tile('deployed', deployments ? `${deployments.success}` : '–', deployments ? `${deployments.failure} failed` : none);
  if (health) tile('exporter', health.ready ? 'Ready' : 'Not ready', health.problem ?? (health.durable ? 'events are durable' : 'nothing is kept'));
  showTypes(summary.types);
}

let typesShown = '';

function showTypes(types) {
  const text = JSON.stringify(types);
  if (text === typesShown) return;
  typesShown = text;
  document.getElementById('types').replaceChildren(...types.map((type) => {
    let x = 0;
    const parts = STATES.map((state) => {
      const width = (100 * type[state]) / Math.max(1, type.total);
      const rect = svg('rect', { class: state, x, width, height: 6 });
      x += width;
      return rect;
    });
    return el('li', {}, el('span', { class: 'type-name' }, name(type.type)),
      svg('svg', { viewBox: '0 0 100 6', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, parts),
      el('small', {}, `${type.busy} busy, ${type.idle} idle, ${type.disconnected} disconnected, ${type.offline} offline of ${type.total}`));
  }));
  const select = document.querySelector('#filters select[name=type]');
  const known = new Set([...select.options].map((option) => option.value));
  for (const { type } of types) {
    if (!known.has(type)) select.append(el('option', { value: type }, type));
  }
}
