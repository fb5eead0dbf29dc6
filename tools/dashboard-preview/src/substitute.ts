// Puts values in the place of variables, as Grafana's Prometheus data source does.

/** What is chosen of a variable. "All" is its allValue as it stands: an expression, which is not escaped. */
export type Choice = { all: string } | { values: string[] };

export type Choices = Record<string, Choice>;

/** Text that is to be matched as it is, within a regular expression, within a quoted string of PromQL: hence two backslashes. */
export function escapeRegex(value: string): string {
  return value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]+?.()|]/g, '\\\\$&');
}

export function choiceAsRegex(choice: Choice): string {
  if ('all' in choice) {
    return choice.all;
  }

  const escaped = choice.values.map(escapeRegex);
  return escaped.length === 1 ? escaped[0] : `(${escaped.join('|')})`;
}

export interface Built {
  intervalMs: number;
  rateIntervalMs: number;
  rangeMs: number;
}

/** @throws where a variable has no value: a query that is sent with a "$" in it would ask something else. */
export function substitute(expression: string, choices: Choices, built: Built): string {
  return expression.replace(/\$(\w+)|\$\{(\w+)(?::\w+)?\}/g, (text, plain?: string, braced?: string) => {
    const name = plain ?? braced ?? '';
    switch (name) {
      case '__interval':
        return duration(built.intervalMs);
      case '__interval_ms':
        return String(built.intervalMs);
      case '__rate_interval':
        return duration(built.rateIntervalMs);
      case '__range':
        return `${Math.round(built.rangeMs / 1000)}s`;
      case '__range_s':
        return String(Math.round(built.rangeMs / 1000));
      case '__range_ms':
        return String(built.rangeMs);
    }

    if (!Object.hasOwn(choices, name)) {
      throw new Error(`there is no variable ${text}`);
    }

    return choiceAsRegex(choices[name]);
  });
}

const units: Array<[number, string]> = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** A length of time in PromQL: "1m", "90s", "250ms". */
export function duration(ms: number): string {
  const [size, unit] = units.find(([size]) => ms >= size && ms % size === 0) ?? [1, 'ms'];
  return `${ms / size}${unit}`;
}

/** The query of a variable: label_values(metric, label) is no function of Prometheus, but of Grafana. */
export function parseLabelValues(definition: string): { metric: string; label: string } {
  const parts = /^label_values\((.+),\s*(\w+)\)$/.exec(definition);
  if (!parts) {
    throw new Error(`not label_values(metric, label): ${definition}`);
  }

  return { metric: parts[1], label: parts[2] };
}

/** The legend of a series: {{label}} stands for the label's value, and an absent label for nothing. */
export function legend(format: string, labels: Record<string, string>): string {
  return format.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => labels[label] ?? '');
}
