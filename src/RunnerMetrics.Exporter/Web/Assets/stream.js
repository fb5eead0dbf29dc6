// Hears what happens. The browser comes back by itself with the last event that it heard; a page that nobody looks at hears nothing, and reads all again when somebody does. A connection that was cut without
// a word would look alive for ever: whoever has heard nothing for three of the exporter's signs of life opens another one.

import { setNow } from './words.js';

const KINDS = ['job.queued', 'job.started', 'job.completed', 'job.expired', 'runner.seen', 'runner.stopped', 'runner.silent', 'runner.forgotten', 'deployment.changed'];
const SILENCE = 45_000;

/** Tells of each kind of event, and of "reset" where something was missed; and whether the stream is there. */
export function hear(onEvent, onState) {
  let source = null;
  let retry = 0;

  function watch(milliseconds) {
    clearTimeout(retry);
    retry = setTimeout(() => { onState(false); open(); }, milliseconds);
  }

  function heard() {
    watch(SILENCE);
    onState(true);
  }

  function open() {
    source?.close();
    source = new EventSource('/api/v1/events');
    watch(SILENCE);
    source.addEventListener('error', () => {
      onState(false);
      // After an answer that is no stream the browser gives up; the exporter may be starting.
      watch(source?.readyState === EventSource.CLOSED ? 2000 : SILENCE);
    });
    for (const sign of ['open', 'alive', ...KINDS]) source.addEventListener(sign, heard);
    for (const kind of ['hello', 'reset']) {
      source.addEventListener(kind, (event) => {
        setNow(Date.parse(JSON.parse(event.data).at));
        onEvent('reset');
      });
    }
    for (const kind of KINDS) source.addEventListener(kind, () => onEvent(kind));
  }

  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      clearTimeout(retry);
      source?.close();
      source = null;
    } else {
      open();
    }
  });
  open();
}
