import type { Account, Key, Range, Review } from '#shared/domain/entities';
import type { Source } from '#shared/domain/source';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';

/**
 * Returns true if an incoming state is surely older than the known one: the answer to a write overtook a poll that was under way.
 */
export function isOlder<K extends MirrorKind>(
  kind: K,
  incoming: MirrorValue<K>,
  known: MirrorValue<K>,
): boolean {
  return comparisons[kind](incoming, known);
}

const comparisons: {
  readonly [K in MirrorKind]: (incoming: MirrorValue<K>, known: MirrorValue<K>) => boolean;
} = {
  account: (incoming: Account, known: Account) => incoming.revision < known.revision,
  // Uses are counted without a new version.
  range: (incoming: Range, known: Range) =>
    incoming.version < known.version || (incoming.version === known.version && incoming.uses < known.uses),
  review: (incoming: Review, known: Review) =>
    incoming.version < known.version || (incoming.version === known.version && incoming.count < known.count),
  // A key has no version, but it is only ever rotated later, and revoked at last.
  key: (incoming: Key, known: Key) =>
    (incoming.status === 'active' && known.status === 'revoked') ||
    (incoming.rotatedAt ?? '') < (known.rotatedAt ?? ''),
  // Refreshes leave the version.
  source: (incoming: Source, known: Source) =>
    incoming.version < known.version ||
    (incoming.version === known.version && (incoming.lastTriedAt ?? '') < (known.lastTriedAt ?? '')),
};
