import { type DataFrame, LoadingState, renderMarkdown } from '@grafana/data';
import { PanelChrome, useTheme2 } from '@grafana/ui';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { ask, type Question } from './ask';
import { type Panel } from './dashboard';
import { unknownProperties, withFieldConfig } from './fieldConfig';
import { BarGaugePanel } from './panels/BarGaugePanel';
import { GaugePanel } from './panels/GaugePanel';
import { HeatmapPanel } from './panels/HeatmapPanel';
import { PiePanel } from './panels/PiePanel';
import { StatPanel } from './panels/StatPanel';
import { StateTimelinePanel } from './panels/StateTimelinePanel';
import { TablePanel } from './panels/TablePanel';
import { TimeSeriesPanel } from './panels/TimeSeriesPanel';
import { type PanelProps } from './panels/types';
import { isMeasured } from './panels/values';

/** What draws each type of panel; and, where it is drawn by no component of Grafana's, the name of what stands in its place. */
const types: Record<string, { draw: (props: PanelProps) => ReactNode; instead?: string }> = {
  stat: { draw: (props) => <StatPanel {...props} /> },
  gauge: { draw: (props) => <GaugePanel {...props} />, instead: "gauge" },
  bargauge: { draw: (props) => <BarGaugePanel {...props} /> },
  timeseries: { draw: (props) => <TimeSeriesPanel {...props} /> },
  table: { draw: (props) => <TablePanel {...props} /> },
  piechart: { draw: (props) => <PiePanel {...props} />, instead: "pie chart" },
  'state-timeline': { draw: (props) => <StateTimelinePanel {...props} />, instead: "state timeline" },
  heatmap: { draw: (props) => <HeatmapPanel {...props} />, instead: "heatmap" },
};

const footer = 18;

interface Props {
  panel: Panel;
  width: number;
  height: number;
  /** Null while the values of variables are not known. */
  question: Question | null;
  onAnswered: (id: number) => void;
}

/** A panel: asks, and draws what it was answered. */
export function Drawn({ panel, width, height, question, onAnswered }: Props) {
  const theme = useTheme2();
  const [answer, setAnswer] = useState<{ question: Question; frames?: DataFrame[]; error?: string }>();
  useEffect(() => {
    if (!question) {
      return;
    }

    let isLate = false;
    ask(panel, width, question)
      .then(
        (frames) => ({ question, frames }),
        (error: unknown) => ({ question, error: error instanceof Error ? error.message : String(error) })
      )
      .then((answer) => {
        if (!isLate) {
          setAnswer(answer);
          onAnswered(panel.id);
        }
      })
      .catch(console.error);
    return () => {
      isLate = true;
    };
  }, [panel, width, question, onAnswered]);

  const frames = useMemo(() => answer?.frames && withFieldConfig(panel, answer.frames, theme), [panel, answer, theme]);
  const type = types[panel.type];
  const unknown = unknownProperties(panel);
  const captions = [
    ...(type?.instead ? [`the preview's ${type.instead}, not Grafana's`] : []),
    ...(unknown.length > 0 ? [`the preview leaves out ${unknown.join(', ')}`] : []),
  ];
  return (
    <PanelChrome
      title={panel.title}
      description={panel.description}
      width={width}
      height={height}
      loadingState={answer?.question === question ? LoadingState.Done : LoadingState.Loading}
      statusMessage={answer?.error}
    >
      {(innerWidth, innerHeight) => {
        const inner = innerHeight - (captions.length > 0 ? footer : 0);
        return (
          <>
            <div style={{ height: inner }}>{content(innerWidth, inner)}</div>
            {captions.length > 0 && (
              <div style={{ height: footer, fontSize: 11, textAlign: 'right', color: theme.colors.text.disabled }}>{captions.join('; ')}</div>
            )}
          </>
        );
      }}
    </PanelChrome>
  );

  function content(width: number, height: number): ReactNode {
    if (panel.type === 'text' && panel.options.mode === 'markdown') {
      return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: renderMarkdown(panel.options.content) }} />; // sanitized
    }

    if (!type) {
      return <Notice>the preview cannot draw a panel of the type {panel.type}</Notice>;
    }

    if (answer?.error) {
      return <Notice>{answer.error}</Notice>;
    }

    if (!answer || !frames) {
      return null;
    }

    const props: PanelProps = { panel, frames, range: answer.question.range, width, height, theme };
    return isMeasured(props) ? type.draw(props) : <Notice>{panel.fieldConfig.defaults.noValue ?? 'No data'}</Notice>;
  }
}

function Notice({ children }: { children: ReactNode }) {
  const theme = useTheme2();
  return <div style={{ height: '100%', display: 'flex', alignItems: 'center', justifyContent: 'center', color: theme.colors.text.secondary, textAlign: 'center' }}>{children}</div>;
}
