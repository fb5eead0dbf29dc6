// Hears what happens. The browser comes back by itself with the last event that it heard; a page that nobody looks at hears nothing, and reads all again when somebody does.

import { setNow } from './words.js';

const KINDS = ['job.queued', 'job.started', 'job.completed', 'job.expired', 'runner.seen', 'runner.stopped', 'runner.silent', 'runner.forgotten', 'deployment.changed'];

/** Tells of each kind of event, and of "reset" where something was missed; and whether the stream is there. */
export function hear(onEvent, onState) {
  let source = null;
  let retry = 0;

  function open() {
    clearTimeout(retry);
    source?.close();
    source = new EventSource('/api/v1/events');
    source.addEventListener('open', () => onState(true));
    source.addEventListener('error', () => {
      onState(false);
      // After an answer that is no stream the browser gives up; the exporter may be starting.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 2000);
    });
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
