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
    return { title: answeredSentence(review, nowMs), detail: review.note === null ? '' : `“${review.note}”` };
  }
  if (takenBack || settled?.outcome === 'undone') return { title: 'The answer was taken back.', detail: '' };
  if (settled?.outcome === 'undecided') return undecidedWords(settled, nowMs);
  const answer = isAuthorized(ending) ? 'Authorized' : 'Denied';
  const at = enforcedAt(ending, settled);
  const title =
    at !== null
      ? `${answer}. Enforced at ${formatTime(at)}`
      : `${answer}. ${isOnline ? 'On its way to the service…' : 'Sent as soon as the service answers.'}`;
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
  if (ending.kind === 'together') return 'Answered together with others.';
  if (ending.kind === 'here') return 'Answered on this computer, outside this window.';
  if (ending.kind === 'authorized') {
    const { range } = ending;
    const keys = range.keyId === null ? 'all keys' : 'this key';
    const until = range.expiresAt === null ? 'for good' : `until ${formatDateTime(range.expiresAt)}`;
    return `${spokenCidr(range.cidr)} may use ${keys} ${until}.`;
  }
  return [
    ending.keptOut ? 'A deny range keeps the address out.' : 'The address stays blocked.',
    ...(ending.keyUpdated ? ['The key has a new secret; this cannot be undone.'] : []),
  ].join(' ');
}

function undecidedWords(settled: Extract<Settled, { outcome: 'undecided' }>, nowMs: number): EndingWords {
  const { current, detail } = settled;
  const title =
    current !== null && 'evidence' in current
      ? answeredSentence(current, nowMs)
      : `The answer was not applied. ${detail}`.trim();
  return { title, detail: 'Your answer is kept among the changes that need you.' };
}
