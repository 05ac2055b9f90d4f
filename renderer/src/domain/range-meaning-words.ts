import type { Effect, Range } from '#shared/domain/entities';
import { countOf } from '#shared/words';
import { formatAddressCount } from '../ui/format';
import type { RangeReading, RangeRelations } from './range-check';

function someCidrs(ranges: readonly Range[]): string {
  const names = ranges.slice(0, 3).map(({ cidr, label }) => (label === '' ? cidr : `${cidr} (${label})`));
  const more = ranges.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

export function relationSentences(
  relations: RangeRelations,
  effect: Effect,
): readonly { readonly tone: 'info' | 'warning'; readonly text: string }[] {
  const done = effect === 'authorize' ? 'authorized' : 'denied';
  const { duplicates, coveredBy, covers, opposed, letsIn } = relations;
  return [
    ...(duplicates.length > 0
      ? [{ tone: 'warning' as const, text: `${someCidrs(duplicates)} is ${done} already.` }]
      : []),
    ...(coveredBy.length > 0
      ? [{ tone: 'info' as const, text: `Covered already by ${someCidrs(coveredBy)}.` }]
      : []),
    ...(covers.length > 0
      ? [{ tone: 'info' as const, text: `Contains ${someCidrs(covers)}, which could be removed then.` }]
      : []),
    ...(opposed.length > 0
      ? [
          {
            tone: 'warning' as const,
            text: `Overlaps with ${effect === 'authorize' ? 'denied' : 'authorized'} ${someCidrs(opposed)}: the most specific range decides, and deny wins a tie.`,
          },
        ]
      : []),
    ...(letsIn.length > 0
      ? [
          {
            tone: 'info' as const,
            text: `Would let in ${countOf(letsIn.length, 'blocked address that waits', 'blocked addresses that wait')} in Pending.`,
          },
        ]
      : []),
  ];
}

/** Returns for example `203.0.113.0/24: 203.0.113.0 to 203.0.113.255, 256 addresses`. */
export function meaningSentence(reading: RangeReading): string | null {
  if (reading.kind !== 'range' && reading.kind !== 'wide') return null;
  const { texts, first, last, count } = reading.meaning;
  if (count === 1n) return `One address, ${first}.`;
  const made = texts.length === 1 ? (texts[0] ?? '') : `${texts.length} ranges`;
  return `${made}: ${first} to ${last}, ${formatAddressCount(count)} addresses.`;
}
