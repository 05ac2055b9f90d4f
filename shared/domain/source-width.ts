import type { Effect } from './entities';
import { SOURCE_PRESETS } from './source-presets';
import type { SourceSubject } from './source-spec';

/**
 * Returns what a source lets in as a whole: a cloud at whose addresses anybody can run programs, or a country. Whoever adds it
 * is told (docs/behaviour.md 1.14.5).
 */
export function widthOf(subject: SourceSubject, effect: Effect): 'cloud' | 'country' | undefined {
  if (effect !== 'authorize') return undefined;
  if (subject.kind === 'country') return 'country';
  if (subject.kind !== 'preset') return undefined;
  return SOURCE_PRESETS[subject.spec.preset].isOpen(subject.spec) ? 'cloud' : undefined;
}
