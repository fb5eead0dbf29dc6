// Asks the exporter. The browser keeps each answer with its ETag, and what did not change is not sent again.

const PATIENCE = 20_000;

/** An answer; throws with the exporter's own words where there is none, and where none comes. */
export async function ask(path, parameters = {}) {
  const given = Object.entries(parameters).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  const answer = await fetch(`/api/v1/${path}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE) });
  if (answer.status === 401) {
    location.reload(); // the session has ended: the exporter shows its form
    throw new Error('signed out');
  }

  const body = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(body.detail ?? body.title), { status: answer.status });
  return body;
}
