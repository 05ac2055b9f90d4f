import {
  isNetworkRow,
  type Account,
  type Attempt,
  type Range,
  type Reason,
  type Review,
} from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';
import { t } from '#shared/i18n/t';
import { rangeName } from './range-words';

/** Returns short words for a column. */
export function reasonWords(reason: Attempt['reason']): string {
  return t(`reasons.short_${reason}`);
}

/** Returns the words for a column, with the reason of the block that a reported call would have got. */
export function reasonTitle({ reason, wouldBe }: Pick<Attempt, 'reason' | 'wouldBe'>): string {
  return wouldBe === null ? reasonWords(reason) : `${reasonWords(reason)} (${reasonWords(wouldBe)})`;
}

/** Returns what the log shows in place of the verdict: a reported call was let in, but only for now. */
export function shownVerdict({ verdict, reason }: Pick<Attempt, 'verdict' | 'reason'>) {
  return reason === 'reported' ? reason : verdict;
}

/** Reasons that can occur in an account's log. Without a known key there is no account to log to. */
export const LOGGED_REASONS: readonly Reason[] = [
  'authorized',
  'learned',
  'trusted',
  'deactivated',
  'reported',
  'unknown',
  'untrusted',
  'denied',
  'revoked_key',
];

/** Explains the verdict of an attempt. `range` is the matching range; null if it is gone. */
export function whySentence(attempt: Attempt, range: Range | null): string {
  const { verdict, reason, wouldBe, rangeId } = attempt;
  if (verdict === UNRECOGNISED) return t('reasons.somethingNewSentence');
  // In a flood each address gets its own verdict, but the log keeps only the networks.
  if (isNetworkRow(attempt)) {
    return t(`reasons.flood_${verdict}`, { reason: reasonWords(reason).toLowerCase() });
  }
  if (reason === 'learned' && rangeId === null) return t('reasons.whyLearnedProxy');
  switch (reason) {
    case 'denied':
    case 'authorized':
    case 'learned':
    case 'trusted': {
      const name = range === null ? t('reasons.removedRange') : rangeName(range);
      return t(`reasons.why_${reason}`, { range: name });
    }
    case 'reported':
      return t(`reasons.why_reported_${wouldBe === 'untrusted' ? 'untrusted' : 'unknown'}`);
    case UNRECOGNISED:
      return t('reasons.somethingNewSentence');
    default:
      return t(`reasons.why_${reason}`);
  }
}

/** Explains why a review was opened. `isReported` is true if its calls are let in for now. */
export function reviewSentence(reason: Review['reason'], isReported: boolean): string {
  switch (reason) {
    case 'untrusted':
    case 'unknown':
      return t(`reasons.review_${isReported ? 'reported_' : ''}${reason}`);
    case 'denied':
      return t(`reasons.review_${reason}`);
    case UNRECOGNISED:
      return t('reasons.somethingNewSentence');
    default:
      return t('reasons.reviewOther', { reason: reasonWords(reason) });
  }
}

export function modeName(mode: Account['mode']): string {
  return t(`words.mode_${mode}`);
}
