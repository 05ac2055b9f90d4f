import { formatAddressCount } from '#shared/domain/address-count';
import type { Effect, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import type { RangeReading, RangeRelations } from './range-check';
import { listed, rangeName } from './range-words';

interface RelationSentence {
  readonly tone: 'info' | 'warning';
  readonly text: string;
}

export function relationSentences(relations: RangeRelations, effect: Effect): readonly RelationSentence[] {
  const { duplicates, coveredBy, covers, voidedBy, opposed } = relations;
  const opposite = effect === 'authorize' ? 'deny' : 'authorize';
  return [
    ...sentenceAbout(duplicates, 'warning', (names) => t(`forms.same_${effect}`, { ranges: names })),
    ...sentenceAbout(coveredBy, 'info', (names) => t('forms.coveredBy', { ranges: names })),
    ...sentenceAbout(covers, 'info', (names) => t('forms.covers', { ranges: names })),
    ...sentenceAbout(voidedBy, 'warning', (names) => t('forms.voidedBy', { ranges: names })),
    ...sentenceAbout(opposed, 'warning', (names) => t(`forms.opposed_${opposite}`, { ranges: names })),
  ];
}

/** Returns the sentence with the first ranges' names; nothing if there is no range. */
function sentenceAbout(
  ranges: readonly Range[],
  tone: RelationSentence['tone'],
  sentence: (names: string) => string,
): readonly RelationSentence[] {
  if (ranges.length === 0) return [];
  return [{ tone, text: sentence(listed(ranges.map(rangeName), 3, ', ')) }];
}

/** Returns for example `203.0.113.0/24: 203.0.113.0 to 203.0.113.255, 256 addresses`. */
export function meaningSentence(reading: RangeReading): string | null {
  if (reading.kind !== 'range' && reading.kind !== 'wide') return null;
  const { texts, first, last, count } = reading.meaning;
  if (count === 1n) return t('forms.oneAddress', { address: first });
  const range = texts.length === 1 ? (texts[0] ?? '') : t('forms.ranges', { number: texts.length });
  return t('forms.extent', { range, first, last, number: formatAddressCount(count) });
}
