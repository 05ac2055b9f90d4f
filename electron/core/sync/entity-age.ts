import type { Account, Key, Range, Review } from '#shared/domain/entities';
import type { MirrorKind, MirrorValue } from '../store/mirror-rows';

/**
 * Whether an incoming state of an entity is older than the known one. It happens: the answer to a write overtakes the
 * poll that was under way. What is not surely older is taken.
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
  // Use is counted without a new version.
  range: (incoming: Range, known: Range) =>
    incoming.version < known.version || (incoming.version === known.version && incoming.uses < known.uses),
  review: (incoming: Review, known: Review) =>
    incoming.version < known.version || (incoming.version === known.version && incoming.count < known.count),
  // A key has no version, but its life goes one way: it is rotated later, and revoked at last.
  key: (incoming: Key, known: Key) =>
    (incoming.status === 'active' && known.status === 'revoked') ||
    (incoming.rotatedAt ?? '') < (known.rotatedAt ?? ''),
};
