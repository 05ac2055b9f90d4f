import type { ExportFormat } from '#shared/api/routes-import';
import { isExpired } from '#shared/domain/deciding-range';
import { effectSchema, type Effect } from '#shared/domain/entities';
import { parseCidr } from '#shared/ip/index';
import type { AccountPolicy } from '../policy/policy';
import { rangeOf, type RangeRow } from '../storage/repositories/ranges';
import type { Storage } from '../storage/storage';
import { RANGE_WRITERS, type ExportedRange } from './range-formats';

const RANGES_PER_PIECE = 500;

async function* byAge(
  { read }: Pick<Storage, 'read'>,
  accountId: string,
  effect: Effect | undefined,
): AsyncGenerator<readonly RangeRow[], void, undefined> {
  let cursor: string | null = null;
  do {
    const page = await read.ranges.page(accountId, {
      limit: RANGES_PER_PIECE,
      effect,
      ...(cursor !== null && { cursor }),
    });
    yield page.items;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

/** Yields the longest ranges first, and a denial before an equal authorization. */
async function* byLength(
  { read }: Pick<Storage, 'read'>,
  policy: AccountPolicy,
  effect: Effect | undefined,
): AsyncGenerator<readonly RangeRow[], void, undefined> {
  let ids: string[] = [];
  const rowsOf = async (): Promise<readonly RangeRow[]> => {
    const rows = new Map((await read.ranges.some(policy.id, ids)).map((row) => [row.id, row]));
    const found = ids.flatMap((id) => rows.get(id) ?? []);
    ids = [];
    return found;
  };
  for (const range of policy.ranges.longestFirst()) {
    if (effect !== undefined && range.effect !== effect) continue;
    if (ids.push(range.id) === RANGES_PER_PIECE) yield await rowsOf();
  }
  yield await rowsOf();
}

/** Returns true if a denial of the very network decides instead, so that a format with one value for a network has no place for it. */
function isVoid(range: ExportedRange, policy: AccountPolicy): boolean {
  const cidr = parseCidr(range.cidr);
  if (range.effect === 'deny' || cidr === undefined) return false;
  return policy.ranges
    .covering(cidr)
    .some(
      (other) =>
        other.effect === 'deny' && other.keyId === null && other.cidr.prefixLength === cidr.prefixLength,
    );
}

/**
 * Yields the list as text. What has expired is not in it, nor what the format cannot say: to leave out the key or the end of
 * an authorization would let in more than is meant. A last line says how many ranges that concerns.
 */
export async function* exportRanges(
  storage: Pick<Storage, 'read'>,
  policy: AccountPolicy,
  format: ExportFormat,
  effect: Effect | undefined,
  now: number,
): AsyncGenerator<string, void, undefined> {
  const writer = RANGE_WRITERS[format];
  const effects = effect === undefined ? effectSchema.options : [effect];
  yield writer.head(effects);
  let isFirst = true;
  let leftOut = 0;
  const pieces = writer.isOrdered ? byLength(storage, policy, effect) : byAge(storage, policy.id, effect);
  for await (const rows of pieces) {
    const live: ExportedRange[] = rows
      .map(rangeOf)
      .filter((range) => !isExpired(range, now))
      .map((range) => ({
        ...range,
        keyName: range.keyId === null ? null : (policy.keys.get(range.keyId)?.name ?? null),
      }));
    const held = live.filter(
      (range) => writer.canHold(range, now) && !(format === 'haproxy' && isVoid(range, policy)),
    );
    leftOut += live.length - held.length;
    if (held.length === 0) continue;
    yield writer.body(held, isFirst, now);
    isFirst = false;
  }
  yield writer.foot(effects);
  if (leftOut > 0) {
    yield `# ${leftOut} ${leftOut === 1 ? 'range is' : 'ranges are'} not here: the format cannot say for which key or until when they hold.\n`;
  }
}
