import { isExpired } from '#shared/domain/deciding-range';
import type { Account, Range } from '#shared/domain/entities';
import { t } from '#shared/i18n/t';
import { formatAgo } from '../../../ui/format';

/** Describes the consequences of removing a range. */
export function removalSentences(range: Range, mode: Account['mode'], nowMs: number): readonly string[] {
  if (isExpired(range, nowMs)) return [t('ranges.removesNothing')];
  if (range.effect === 'deny') return [t('ranges.removesDenial')];
  const used =
    range.uses === 0 || range.lastUsedAt === null
      ? t('ranges.notUsedYet')
      : t('ranges.hasLetIn', { count: range.uses, moment: formatAgo(range.lastUsedAt, nowMs) });
  const blocked = mode === 'deactivated' ? t('ranges.acceptedAnyway') : t('ranges.blockedThen');
  return [`${used} ${blocked}`];
}

/** In automatic and learning mode a removed range can come back by itself. */
export function mayComeBack(range: Range, mode: Account['mode']): boolean {
  return range.effect === 'authorize' && (mode === 'automatic' || mode === 'learning');
}
