import type { Operation } from '../api/routes-operations';
import { isTooWide, parseRangeText } from '../ip/index';
import type { Range } from './entities';

/**
 * Returns true if an operation loosens protection so much that it must not take effect long after it was made: the mode
 * `deactivated` or `learning`, report-only, a range wider than docs/behaviour.md 2.4 let in, or its denial taken away. `range` is the range
 * that it changes or removes, as its author saw it, or null.
 */
export function isLoosening(operation: Operation, range: Range | null): boolean {
  switch (operation.type) {
    case 'mode.set':
      return (
        operation.mode === 'deactivated' || operation.mode === 'learning' || operation.reportOnly === true
      );
    case 'range.add':
      return operation.effect === 'authorize' && isWide(operation.cidr);
    case 'range.update': {
      if (range === null || !isWide(range.cidr)) return false;
      const { label: _label, ...changes } = operation.changes;
      if (Object.keys(changes).length === 0) return false;
      // To end or narrow a denial also lets in everything else that it contains.
      return (changes.effect ?? range.effect) !== 'deny' || range.effect !== 'authorize';
    }
    case 'range.remove':
      return range !== null && range.effect !== 'authorize' && isWide(range.cidr);
    case 'review.authorize':
      return typeof operation.scope === 'object' && isWide(operation.scope.cidr);
    case 'review.deny':
    case 'review.reopen':
      return false;
  }
}

function isWide(text: string): boolean {
  const parsed = parseRangeText(text, { allowWide: true });
  return parsed.ok && isTooWide(parsed.cidrs);
}
