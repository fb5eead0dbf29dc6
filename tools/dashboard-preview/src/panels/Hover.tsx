import { Portal, SeriesTable, type SeriesTableRowProps, VizTooltipContainer } from '@grafana/ui';

export interface Hovered {
  /** Of the pointer, in the window. */
  x: number;
  y: number;
  time?: string;
  rows: SeriesTableRowProps[];
}

/** What is below the pointer, in Grafana's own box. */
export function Hover({ hovered }: { hovered: Hovered | undefined }) {
  return (
    hovered && (
      <Portal>
        <VizTooltipContainer position={hovered} offset={{ x: 10, y: 10 }}>
          <SeriesTable timestamp={hovered.time} series={hovered.rows} />
        </VizTooltipContainer>
      </Portal>
    )
  );
}
