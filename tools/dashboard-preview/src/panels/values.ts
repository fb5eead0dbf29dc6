import { FieldType, type FieldDisplay, getFieldDisplayValues } from '@grafana/data';
import { type PanelProps } from './types';

/** The values of a panel that shows one a series: reduced, formatted and coloured by Grafana's own code. */
export function valuesOf({ panel, frames, theme }: PanelProps): FieldDisplay[] {
  return getFieldDisplayValues({
    data: frames,
    reduceOptions: panel.options.reduceOptions,
    fieldConfig: panel.fieldConfig,
    replaceVariables: (text) => text,
    theme,
    timeZone: 'browser',
  });
}

/** Whether anything was answered. Where nothing was, a panel says what its noValue says, and draws no 0. */
export function isMeasured({ frames }: PanelProps): boolean {
  return frames.some((frame) => frame.fields.some((field) => field.type === FieldType.number && field.values.some((value) => value != null)));
}
