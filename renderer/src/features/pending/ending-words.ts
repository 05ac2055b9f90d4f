import { spokenCidr } from '../../domain/range-words';
import { answeredSentence } from '../../domain/failures';
import { formatDateTime, formatTime } from '../../ui/format';
import type { Ending } from './model';

/** How a question ended: a headline, and what that means. */
export function endingWords(
  ending: Ending,
  nowMs: number,
): { readonly title: string; readonly detail: string } {
  switch (ending.kind) {
    case 'authorized': {
      const { range } = ending;
      const keys = range.keyId === null ? 'all keys' : 'this key';
      const until = range.expiresAt === null ? 'for good' : `until ${formatDateTime(range.expiresAt)}`;
      return {
        title: `Authorized. Enforced at ${formatTime(ending.enforcedAt)}`,
        detail: `${spokenCidr(range.cidr)} may use ${keys} ${until}.`,
      };
    }
    case 'denied':
      return {
        title: `Denied. Enforced at ${formatTime(ending.enforcedAt)}`,
        detail: [
          ending.keptOut ? 'A deny range keeps the address out.' : 'The address stays blocked.',
          ...(ending.keyUpdated ? ['The key has a new secret.'] : []),
        ].join(' '),
      };
    case 'elsewhere':
      return { title: answeredSentence(ending.review, nowMs), detail: '' };
  }
}
