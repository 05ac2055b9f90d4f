import { MAX_NAME_LENGTH } from '#shared/api/route-contract';
import type { Key } from '#shared/domain/entities';
import { DAY_SECONDS, HOUR_SECONDS } from '#shared/durations';
import { hiddenTextMessage } from '../../domain/hidden-text';

/** Sorts active keys first, then newest first. */
export function sortKeys(keys: Iterable<Key>): readonly Key[] {
  return [...keys].sort((a, b) =>
    a.status === b.status ? (a.id < b.id ? 1 : -1) : a.status === 'active' ? -1 : 1,
  );
}

export const GRACES = [
  { value: '0', words: 'Ends at once', seconds: 0 },
  { value: '3600', words: 'Works for 1 more hour', seconds: HOUR_SECONDS },
  { value: '86400', words: 'Works for 24 more hours', seconds: DAY_SECONDS },
] as const;

/** Returns the reason why the text is not acceptable as the name of a key, or null. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return 'Give the key a name, e.g. of the program that will use it.';
  if (trimmed.length > MAX_NAME_LENGTH) return `A name has at most ${MAX_NAME_LENGTH} characters.`;
  return hiddenTextMessage('name', trimmed);
}
