// Lists that change: a row is made anew only where what it shows changed, so that nothing flickers and the place of the keyboard stays.

import { el } from './parts.js';

const shown = new WeakMap();

/** Shows items. */
export function show(list, items, keyOf, make) {
  const known = shown.get(list) ?? new Map();
  const fresh = new Map();
  const rows = items.map((item) => {
    const key = keyOf(item);
    const text = JSON.stringify(item);
    const before = known.get(key);
    const row = before?.text === text ? before.row : make(item);
    row.dataset.key = key;
    fresh.set(key, { text, row });
    return row;
  });
  shown.set(list, fresh);
  place(list, rows.length > 0 ? rows : [el('li', { class: 'none' }, list.dataset.none)]);
}

/** Says why there is nothing to show. */
export function explain(list, text) {
  shown.delete(list);
  place(list, [el('li', { class: 'none' }, text)]);
}

function place(list, rows) {
  const kept = new Set(rows);
  for (const row of [...list.children]) {
    if (!kept.has(row)) {
      // Where the keyboard is in a row that is made anew, it goes on in the new one.
      const focused = row.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      const next = focused && rows.find((other) => other.dataset.key === row.dataset.key);
      row.remove();
      if (next) queueMicrotask(() => [...next.querySelectorAll('a')].find((link) => link.getAttribute('href') === focused)?.focus());
    }
  }
  rows.forEach((row, i) => {
    if (list.children[i] !== row) list.insertBefore(row, list.children[i] ?? null);
  });
}
