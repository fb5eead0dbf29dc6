// The small parts that rows are made of. PageParts.cs makes the same ones. All text is set as text: nothing that a stranger named is ever read as markup.

import { ago, duration, now, stateWord } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ''));
  return element;
}

/** Makes an element. */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** Makes an element of a drawing. */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** An icon of the page. */
export const icon = (name) => svg('svg', { class: 'icon', 'aria-hidden': 'true' }, svg('use', { href: `#i-${name}` }));

const ICONS = { failure: 'failed', in_progress: 'running', pending: 'queued', refused: 'offline' };

/** A state with its icon and its word. */
export const state = (word, note) => el('span', { class: `state is-${word}` },
  icon(document.getElementById(`i-${ICONS[word] ?? word}`) ? ICONS[word] ?? word : 'unknown'),
  el('span', {}, stateWord(word), note ? el('small', {}, note) : null));

/** A name of a stranger's: it may be written from right to left, and does not turn what stands beside it. */
export const name = (text, otherwise = '') => el('bdi', {}, text ?? otherwise);

const textOf = (element) => {
  const passed = now() - Number(element.dataset.at);
  return element.dataset.for ? duration(passed) : ago(passed);
};

/** A time that ticks. */
export function time(at, isElapsed = false) {
  if (!at) return null;
  const date = new Date(at);
  const iso = `${date.toISOString().slice(0, 19)}Z`;
  const element = el('time', { datetime: iso, title: iso, 'data-at': date.getTime(), 'data-for': isElapsed ? '1' : '' });
  element.textContent = textOf(element);
  return element;
}

/** Brings every time up to date. */
export function tick() {
  for (const element of document.querySelectorAll('time[data-at]')) {
    const text = textOf(element);
    if (element.textContent !== text) element.textContent = text;
  }
}

/** A job's wait, set-up and run, in seconds; null where one is not known. */
export function timesOf(job) {
  const since = job.steps_started_at ?? job.started_at;
  const runs = job.state === 'running' && since ? Math.max(0, (now() - new Date(since)) / 1000) : null;
  return [['wait', 'waited', job.wait_seconds ?? null], ['setup', 'set up', job.setup_seconds ?? null], ['run', 'ran', job.run_seconds ?? runs]];
}

/** The same as parts of one bar. */
export function bar(job) {
  const times = timesOf(job);
  const known = times.filter(([, , seconds]) => seconds !== null);
  if (known.length === 0) return el('span', { class: 'bar' });
  const total = known.reduce((sum, [, , seconds]) => sum + seconds, 0);
  const told = known.map(([, word, seconds]) => `${word} ${duration(seconds * 1000)}`).join(', ');
  let x = 0;
  const parts = times.map(([part, , seconds]) => {
    const width = total > 0 ? ((seconds ?? 0) / total) * 100 : 0;
    const rect = svg('rect', { class: part, x, width, height: 6 });
    x += width;
    return rect;
  });
  const took = (times[1][2] ?? 0) + (times[2][2] ?? 0);
  return el('span', { class: 'bar' },
    svg('svg', { viewBox: '0 0 100 6', preserveAspectRatio: 'none', role: 'img', 'aria-label': told }, svg('title', {}, told), parts),
    el('small', {}, job.state === 'running' ? time(job.started_at, true) : duration(took * 1000)));
}
