import { t } from '#shared/i18n/t';
import type { Settled } from '#shared/ipc/outbox';
import { spokenCidr } from '../../../domain/range-words';
import { answeredSentence } from '../../../domain/failures';
import type { Answering, Ending, Progress } from '../../../stores/answers';
import { formatDateTime, formatTime } from '../../../ui/format';

interface EndingWords {
  readonly title: string;
  readonly detail: string;
}

/** Describes how a review ended. `settled` is the outcome of the answer's operation; `isOnline` tells if it is being sent. */
export function endingWords(
  ending: Ending,
  { takenBack }: Pick<Answering, 'takenBack'>,
  settled: Settled | null,
  isOnline: boolean,
  nowMs: number,
): EndingWords {
  if (ending.kind === 'elsewhere') {
    const { review } = ending;
    return {
      title: answeredSentence(review, nowMs),
      detail: review.note === null ? '' : t('answer.quoted', { text: review.note }),
    };
  }
  if (takenBack || settled?.outcome === 'undone') return { title: t('answer.takenBack'), detail: '' };
  if (settled?.outcome === 'undecided') return undecidedWords(settled, nowMs);
  const answer = isAuthorized(ending) ? 'authorized' : 'denied';
  const at = enforcedAt(ending, settled);
  const title =
    at !== null
      ? t(`answer.enforced_${answer}`, { time: formatTime(at) })
      : t(isOnline ? `answer.onItsWay_${answer}` : `answer.waiting_${answer}`);
  return { title, detail: detailOf(ending) };
}

function isAuthorized(ending: Exclude<Ending, { kind: 'elsewhere' }>): boolean {
  return ending.kind === 'here'
    ? ending.review.status === 'authorized'
    : ending.kind === 'authorized' || (ending.kind === 'together' && ending.answer === 'authorize');
}

function enforcedAt(ending: Exclude<Ending, { kind: 'elsewhere' }>, settled: Settled | null): string | null {
  if ('progress' in ending && hasHappened(ending.progress)) return ending.progress.enforcedAt;
  return settled?.outcome === 'applied' ? settled.enforcedAt : null;
}

function hasHappened(progress: Progress): progress is Extract<Progress, { enforcedAt: string }> {
  return 'enforcedAt' in progress;
}

function detailOf(ending: Exclude<Ending, { kind: 'elsewhere' }>): string {
  if (ending.kind === 'together') return t('answer.together');
  if (ending.kind === 'here') return t('answer.elsewhereHere');
  if (ending.kind === 'authorized') {
    const { range } = ending;
    const keys = range.keyId === null ? 'all' : 'this';
    const named = { range: spokenCidr(range.cidr) };
    return range.expiresAt === null
      ? t(`answer.mayUse_${keys}ForGood`, named)
      : t(`answer.mayUseUntil_${keys}`, { ...named, dateTime: formatDateTime(range.expiresAt) });
  }
  return [
    t(ending.keptOut ? 'answer.keptOut' : 'answer.staysBlocked'),
    ...(ending.keyUpdated ? [t('answer.keyUpdated')] : []),
  ].join(' ');
}

function undecidedWords(settled: Extract<Settled, { outcome: 'undecided' }>, nowMs: number): EndingWords {
  const { current, detail } = settled;
  const title =
    current !== null && 'evidence' in current
      ? answeredSentence(current, nowMs)
      : t('answer.notApplied', { detail }).trim();
  return { title, detail: t('answer.kept') };
}
