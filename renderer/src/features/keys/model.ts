import { MAX_NAME_LENGTH } from '#shared/api/route-contract';
import type { Key } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { hiddenTextMessage } from '../../domain/hidden-text';

/** Sorts active keys first, then newest first. */
export function sortKeys(keys: Iterable<Key>): readonly Key[] {
  return [...keys].sort((a, b) =>
    a.status === b.status ? (a.id < b.id ? 1 : -1) : a.status === 'active' ? -1 : 1,
  );
}

/** Seconds for which the old secret still works. */
export const GRACES = ['0', '3600', '86400', '604800'] as const;

/** Returns the reason why the text is not acceptable as the name of a key, or null. */
export function nameProblem(name: string): string | null {
  const trimmed = name.trim();
  if (trimmed === '') return t('keys.nameMissing');
  if (trimmed.length > MAX_NAME_LENGTH) return t('keys.nameTooLong', { number: MAX_NAME_LENGTH });
  return hiddenTextMessage('name', trimmed);
}
