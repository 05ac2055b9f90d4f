import type { Effect, Range } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { formatAddressCount } from '../ui/format';
import type { RangeReading, RangeRelations } from './range-check';
import { rangeName } from './range-words';

interface RelationSentence {
  readonly tone: 'info' | 'warning';
  readonly text: string;
}

export function relationSentences(relations: RangeRelations, effect: Effect): readonly RelationSentence[] {
  const { duplicates, coveredBy, covers, opposed, letsIn } = relations;
  const [done, opposite] = effect === 'authorize' ? ['authorized', 'denied'] : ['denied', 'authorized'];
  return [
    ...sentenceAbout(duplicates, 'warning', (names) => `${names} is ${done} already.`),
    ...sentenceAbout(coveredBy, 'info', (names) => `Covered already by ${names}.`),
    ...sentenceAbout(covers, 'info', (names) => `Contains ${names}, which could be removed then.`),
    ...sentenceAbout(
      opposed,
      'warning',
      (names) => `Overlaps with ${opposite} ${names}: the most specific range decides, and deny wins a tie.`,
    ),
    ...(letsIn.length === 0
      ? []
      : [
          {
            tone: 'info' as const,
            text: `Would let in ${countOf(letsIn.length, 'blocked address that waits', 'blocked addresses that wait')} in Pending.`,
          },
        ]),
  ];
}

/** Returns the sentence with the first ranges' names; nothing if there is no range. */
function sentenceAbout(
  ranges: readonly Range[],
  tone: RelationSentence['tone'],
  sentence: (names: string) => string,
): readonly RelationSentence[] {
  if (ranges.length === 0) return [];
  const names = ranges.slice(0, 3).map(rangeName).join(', ');
  return [{ tone, text: sentence(ranges.length > 3 ? `${names} and ${ranges.length - 3} more` : names) }];
}

/** Returns for example `203.0.113.0/24: 203.0.113.0 to 203.0.113.255, 256 addresses`. */
export function meaningSentence(reading: RangeReading): string | null {
  if (reading.kind !== 'range' && reading.kind !== 'wide') return null;
  const { texts, first, last, count } = reading.meaning;
  if (count === 1n) return `One address, ${first}.`;
  const made = texts.length === 1 ? (texts[0] ?? '') : `${texts.length} ranges`;
  return `${made}: ${first} to ${last}, ${formatAddressCount(count)} addresses.`;
}
