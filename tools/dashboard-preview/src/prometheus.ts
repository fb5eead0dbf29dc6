/** One series of an answer; an instant one has a single point. */
export interface Series {
  labels: Record<string, string>;
  /** Milliseconds and values. */
  points: Array<[number, number]>;
}

interface Answer<T> {
  status: 'success' | 'error';
  data: T;
  error?: string;
}

interface Result {
  metric: Record<string, string>;
  value?: [number, string];
  values?: Array<[number, string]>;
}

export class Prometheus {
  constructor(private readonly base: string) {}

  async query(expression: string, atMs: number): Promise<Series[]> {
    const data = await this.get<{ result: Result[] }>('query', { query: expression, time: String(atMs / 1000) });
    return data.result.map(asSeries);
  }

  async queryRange(expression: string, fromMs: number, toMs: number, stepMs: number): Promise<Series[]> {
    const data = await this.get<{ result: Result[] }>('query_range', {
      query: expression,
      start: String(fromMs / 1000),
      end: String(toMs / 1000),
      step: String(stepMs / 1000),
    });
    return data.result.map(asSeries);
  }

  async labelValues(metric: string, label: string, fromMs: number, toMs: number): Promise<string[]> {
    return await this.get<string[]>(`label/${encodeURIComponent(label)}/values`, {
      'match[]': metric,
      start: String(fromMs / 1000),
      end: String(toMs / 1000),
    });
  }

  private async get<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const response = await fetch(`${this.base}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const text = await response.text();
    let answer: Answer<T>;
    try {
      answer = JSON.parse(text) as Answer<T>;
    } catch {
      throw new Error(response.ok ? 'the answer is no JSON: is it a Prometheus?' : `no Prometheus answers (${response.status})`);
    }

    if (answer.status !== 'success') {
      throw new Error(answer.error ?? `refused (${response.status})`);
    }

    return answer.data;
  }
}

function asSeries(result: Result): Series {
  const points = result.values ?? (result.value ? [result.value] : []);
  return { labels: result.metric, points: points.map(([seconds, value]) => [seconds * 1000, number(value)]) };
}

function number(text: string): number {
  return text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
}
