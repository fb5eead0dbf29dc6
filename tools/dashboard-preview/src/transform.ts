import { type DataFrame, standardTransformers, standardTransformersRegistry, transformDataFrame } from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { type Panel } from './dashboard';

const known = [standardTransformers.mergeTransformer, standardTransformers.organizeFieldsTransformer];

standardTransformersRegistry.setInit(() =>
  known.map((transformer) => ({
    id: transformer.id,
    name: transformer.name,
    transformation: () => Promise.resolve(transformer),
    editor: () => null,
    imageDark: '',
    imageLight: '',
  }))
);

/** A panel's transformations, by Grafana's own code. */
export async function transformed(panel: Panel, frames: DataFrame[]): Promise<DataFrame[]> {
  const transformations = panel.transformations ?? [];
  const unknown = transformations.find(({ id }) => !known.some((transformer) => transformer.id === id));
  if (unknown) {
    throw new Error(`the preview does not know the transformation ${unknown.id}`);
  }

  return transformations.length === 0 ? frames : await lastValueFrom(transformDataFrame(transformations, frames));
}
