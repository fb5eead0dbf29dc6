import { describe, expect, it } from 'vitest';
import { choiceAsRegex, duration, legend, parseLabelValues, substitute } from '../src/substitute';

const built = { intervalMs: 60_000, rateIntervalMs: 240_000, rangeMs: 86_400_000 };

describe('substitute', () => {
  it('puts All in as the expression that it stands for', () => {
    expect(substitute('up{runner_name=~"$runner_name"}', { runner_name: { all: '.+' } }, built)).toBe('up{runner_name=~".+"}');
  });

  it('joins several values, and leaves one alone', () => {
    expect(substitute('"$a" "${a}" "${a:regex}"', { a: { values: ['x', 'y'] } }, built)).toBe('"(x|y)" "(x|y)" "(x|y)"');
    expect(substitute('"$a"', { a: { values: ['x'] } }, built)).toBe('"x"');
  });

  it('escapes what a regular expression would read, twice for PromQL', () => {
    expect(choiceAsRegex({ values: ['a.b', 'c(d)'] })).toBe('(a\\\\.b|c\\\\(d\\\\))');
    expect(choiceAsRegex({ values: ['a\\b'] })).toBe('a\\\\\\\\b');
  });

  it('knows the lengths of time that Grafana knows', () => {
    expect(substitute('$__interval $__interval_ms $__rate_interval $__range $__range_s $__range_ms', {}, built)).toBe('1m 60000 4m 86400s 86400 86400000');
    expect(substitute('rate(a[${__rate_interval}])', {}, built)).toBe('rate(a[4m])');
  });

  it('does not take a name for the beginning of a longer one', () => {
    expect(substitute('$runner $runner_name', { runner: { values: ['a'] }, runner_name: { values: ['b'] } }, built)).toBe('a b');
  });

  it('sends no query with a variable that has no value', () => {
    expect(() => substitute('up{a="$b"}', {}, built)).toThrow('there is no variable $b');
    expect(() => substitute('up{a="$toString"}', {}, built)).toThrow('$toString');
  });
});

describe('duration', () => {
  it.each([
    [15_000, '15s'],
    [90_000, '90s'],
    [120_000, '2m'],
    [3_600_000, '1h'],
    [86_400_000, '1d'],
    [500, '500ms'],
  ])('%d ms is %s', (ms, text) => expect(duration(ms)).toBe(text));
});

describe('parseLabelValues', () => {
  it('takes the selector and the label apart', () => {
    expect(parseLabelValues('label_values(jobs_total{type=~"$type",a="b, c"}, runner_name)')).toEqual({ metric: 'jobs_total{type=~"$type",a="b, c"}', label: 'runner_name' });
  });

  it('refuses what is something else', () => {
    expect(() => parseLabelValues('query_result(up)')).toThrow('query_result(up)');
  });
});

describe('legend', () => {
  it('names labels, and nothing for one that is absent', () => {
    expect(legend('{{source}} {{ outcome }}{{absent}}', { source: 'grpc', outcome: 'accepted' })).toBe('grpc accepted');
  });
});
