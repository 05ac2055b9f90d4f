import type { RangeNote } from '#shared/api/bodies';
import { quoted } from '#shared/ip/error';
import { formatCidr } from '#shared/ip/index';
import type { MatchRange } from '../enforcement/matcher';
import { isoTime } from '../runtime/clock';
import type { ListOutcome } from './list-outcome';
import type { AccountPolicy } from './policy';

export function untilWords(expiresAt: number | null): string {
  return expiresAt === null ? '' : `, until ${isoTime(expiresAt)}`;
}

function denialWords({ keys }: Pick<AccountPolicy, 'keys'>, { cidr, keyId, expiresAt }: MatchRange): string {
  const key = keyId === null ? '' : ` for the key ${quoted(keys.get(keyId)?.name ?? keyId)}`;
  return `${formatCidr(cidr)} is denied${key}${untilWords(expiresAt)}`;
}

/** Returns one note for each denial, however many of the networks it affects. */
export function denialNotes(
  policy: Pick<AccountPolicy, 'keys'>,
  outcomes: readonly ListOutcome[],
): RangeNote[] {
  const notes = new Map<string, RangeNote>();
  for (const { voidedBy, opens } of outcomes) {
    if (voidedBy !== undefined) {
      const withKey = voidedBy.keyId === null ? '' : ' with that key';
      const message = `${denialWords(policy, voidedBy)}, and of two equal ranges the denial decides: the new range lets nobody in there${withKey}.`;
      notes.set(voidedBy.id, { code: 'void_by_denial', message, rangeId: voidedBy.id });
    }
    if (opens !== undefined) {
      const message = `${denialWords(policy, opens)}; the new range lets its addresses in all the same, because the longest range decides.`;
      notes.set(opens.id, { code: 'opens_denial', message, rangeId: opens.id });
    }
  }
  return [...notes.values()];
}

/** Returns one note for each range that contains some of the networks and says the same. */
export function coveredNotes(outcomes: readonly ListOutcome[]): RangeNote[] {
  const notes = new Map<string, RangeNote>();
  for (const outcome of outcomes) {
    if (outcome.kind !== 'covered') continue;
    const { id, cidr, expiresAt } = outcome.by;
    const message = `${formatCidr(cidr)} says the same of it already${untilWords(expiresAt)}.`;
    notes.set(id, { code: 'covered', message, rangeId: id });
  }
  return [...notes.values()];
}
