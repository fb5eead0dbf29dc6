// Times and states in words. PageWords.cs has the same ones.

let offset = 0;

/** The exporter's clock, which the page's times are of. */
export const now = () => Date.now() + offset;

/** Sets the exporter's clock. */
export const setNow = (milliseconds) => { offset = milliseconds - Date.now(); };

/** How long something takes: "42 s", "3 min 5 s", "2 h 14 min", "3 d 4 h". */
export function duration(milliseconds) {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`;
  return `${Math.floor(s / 86400)} d ${Math.floor(s / 3600) % 24} h`;
}

/** How long ago something was: "3 min ago". */
export function ago(milliseconds) {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  if (s < 5) return 'just now';
  if (s < 60) return `${s} s ago`;
  if (s < 3600) return `${Math.floor(s / 60)} min ago`;
  if (s < 86400) return `${Math.floor(s / 3600)} h ago`;
  return `${Math.floor(s / 86400)} d ago`;
}

const STATES = { success: 'Succeeded', in_progress: 'In progress', failure: 'Failed' };

/** A state or a conclusion as people read it. */
export const stateWord = (state) => STATES[state] ?? (state ? state[0].toUpperCase() + state.slice(1) : 'Unknown');

const FAULTS = { job: 'a step of the job', setup: 'its set-up', runner: 'the runner', unknown: 'cause unknown' };

/** Whose fault a failure was. */
export const fault = (reason) => FAULTS[reason] ?? '';

/** A number of things: "1 job", "12 jobs". */
export const count = (number, one) => `${number.toLocaleString('en')} ${one}${number === 1 ? '' : 's'}`;
