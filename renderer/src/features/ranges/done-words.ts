import type { Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';

export function doneWords(done: 'changed' | 'removed', { cidr: range }: Range, isOnline: boolean): string {
  return isOnline ? t(`ranges.${done}`, { range }) : t(`ranges.${done}Later`, { range });
}
