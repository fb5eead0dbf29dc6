import { createTheme, dateTimeFormat, ThemeContext } from '@grafana/data';
import { Alert, GlobalStyles, InlineField, InlineFieldRow, Input, MultiSelect, PortalContainer, RadioButtonGroup, Select } from '@grafana/ui';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { type Question } from './ask';
import { dashboards, type Panel } from './dashboard';
import { Drawn } from './Drawn';
import { Prometheus } from './prometheus';
import { rangeOf, read, type State, write } from './state';
import { useChoices } from './useChoices';

const ranges = ['now-1h', 'now-6h', 'now-24h', 'now-7d', 'now-30d', 'now-90d'];
const gap = 8;
const rowHeight = 30;
const columns = 24;

export function App() {
  const [state, setState] = useState(() => read(window.location.search));
  const change = useCallback((part: Partial<State>) => setState((before) => ({ ...before, ...part })), []);
  useEffect(() => window.history.replaceState(null, '', write(state)), [state]);

  const theme = useMemo(() => createTheme({ colors: { mode: state.theme } }), [state.theme]);
  const { dashboard, choices: chosen, scrape } = state;
  const source = __SOURCES__.find(({ name }) => name === chosen.datasource?.[0]) ?? __SOURCES__[0];
  const prometheus = useMemo(() => new Prometheus(source.path), [source]);
  const range = useMemo(() => rangeOf({ from: state.from, to: state.to }), [state.from, state.to]);
  const offered = useChoices(dashboard, prometheus, chosen, range.from.valueOf(), range.to.valueOf());
  const question = useMemo<Question | null>(
    () => (offered && !offered.error ? { prometheus, choices: offered.choices, range, scrapeInterval: scrape } : null),
    [offered, prometheus, range, scrape]
  );

  const [ref, width] = useWidth();
  const shown = useRef({ question, panels: new Set<number>() });
  const answered = useCallback(
    (id: number) => {
      if (shown.current.question !== question) {
        shown.current = { question, panels: new Set() };
      }

      shown.current.panels.add(id);
      if (dashboard.panels.every((panel) => panel.type === 'row' || shown.current.panels.has(panel.id))) {
        document.body.dataset.answered = dashboard.uid; // what takes pictures waits for it
      }
    },
    [question, dashboard]
  );
  useEffect(() => {
    delete document.body.dataset.answered;
  }, [question]);

  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PortalContainer />
      <div style={{ background: theme.colors.background.canvas, color: theme.colors.text.primary, minHeight: '100vh', padding: 16, boxSizing: 'border-box' }}>
        <header style={{ display: 'flex', alignItems: 'baseline', gap: 12 }}>
          <h1 style={{ fontSize: 20, margin: 0 }}>{dashboard.title}</h1>
          <strong style={{ color: theme.colors.warning.text }}>preview, not Grafana</strong>
        </header>
        <p style={{ color: theme.colors.text.secondary, margin: '4px 0 8px' }}>{dashboard.description}</p>
        <InlineFieldRow>
          <InlineField label="Dashboard">
            <Select
              width={30}
              value={dashboard.uid}
              options={dashboards.map(({ uid, title }) => ({ value: uid, label: title }))}
              onChange={({ value }) => setState(read(`?dashboard=${value}&theme=${state.theme}&scrape=${scrape}`))}
            />
          </InlineField>
          <InlineField label="Range">
            <Select
              width={38}
              value={`${state.from}/${state.to}`}
              options={[...new Set([...ranges.map((from) => `${from}/now`), `${state.from}/${state.to}`])].map((value) => ({ value, label: nameOf(value) }))}
              onChange={({ value = '' }) => change({ from: value.split('/')[0], to: value.split('/')[1] })}
            />
          </InlineField>
          <InlineField label="Scraped every" tooltip="How often the Prometheus scrapes. Grafana has it with its data source.">
            <Input key={scrape} width={8} defaultValue={scrape} onBlur={(event) => change({ scrape: event.currentTarget.value.trim() || '15s' })} />
          </InlineField>
          <InlineField label="Theme">
            <RadioButtonGroup
              value={state.theme}
              options={[
                { value: 'dark' as const, label: 'Dark' },
                { value: 'light' as const, label: 'Light' },
              ]}
              onChange={(theme) => change({ theme })}
            />
          </InlineField>
        </InlineFieldRow>
        <InlineFieldRow>
          {dashboard.templating.list.filter(({ type }) => type !== 'textbox').map((variable) => (
            <InlineField key={variable.name} label={variable.label}>
              {variable.type === 'datasource' ? (
                <Select
                  width={20}
                  value={source.name}
                  options={__SOURCES__.map(({ name }) => ({ value: name, label: name }))}
                  onChange={({ value = '' }) => change({ choices: { ...chosen, [variable.name]: [value] } })}
                />
              ) : (
                <MultiSelect
                  width="auto"
                  placeholder="All"
                  value={chosen[variable.name]}
                  options={(offered?.values[variable.name] ?? []).map((value) => ({ value, label: value }))}
                  onChange={(values) => change({ choices: { ...chosen, [variable.name]: values.map(({ value = '' }) => value) } })}
                />
              )}
            </InlineField>
          ))}
        </InlineFieldRow>
        {offered?.error && <Alert title={`${source.name}: ${offered.error}`} />}
        <div ref={ref} style={{ position: 'relative', height: heightOf(dashboard.panels) }}>
          {width > 0 && dashboard.panels.map((panel) => <Placed key={`${dashboard.uid} ${panel.id}`} panel={panel} width={width} question={question} onAnswered={answered} />)}
        </div>
      </div>
    </ThemeContext.Provider>
  );
}

function Placed({ panel, width, question, onAnswered }: { panel: Panel; width: number; question: Question | null; onAnswered: (id: number) => void }) {
  const { x, y, w, h } = panel.gridPos;
  const column = (width + gap) / columns;
  const place = { left: x * column, top: y * (rowHeight + gap), width: w * column - gap, height: h * (rowHeight + gap) - gap };
  return (
    <div style={{ position: 'absolute', ...place }}>
      {panel.type === 'row' ? (
        <h2 style={{ fontSize: 16, margin: 0, lineHeight: `${rowHeight}px` }}>{panel.title}</h2>
      ) : (
        <Drawn panel={panel} width={place.width} height={place.height} question={question} onAnswered={onAnswered} />
      )}
    </div>
  );
}

function heightOf(panels: Panel[]): number {
  return Math.max(0, ...panels.map(({ gridPos: { y, h } }) => (y + h) * (rowHeight + gap)));
}

function nameOf(range: string): string {
  const relative = /^now-(\w+)\/now$/.exec(range);
  if (relative) {
    return `Last ${relative[1]}`;
  }

  const [from, to] = range.split('/');
  const { from: start, to: end } = rangeOf({ from, to });
  return [start, end].map((time) => dateTimeFormat(time, { format: 'YYYY-MM-DD HH:mm' })).join(' to ');
}

function useWidth(): [(element: HTMLElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const observer = useRef<ResizeObserver>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    observer.current?.disconnect();
    if (element) {
      observer.current = new ResizeObserver(([entry]) => setWidth(entry.contentRect.width));
      observer.current.observe(element);
    }
  }, []);
  return [ref, width];
}
