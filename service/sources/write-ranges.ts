import { MINUTE_MS } from '#shared/durations';
import { RangeMatcher } from '../enforcement/matcher';
import type { Author, ServiceContext } from '../policy/context';
import { settleByMany } from '../policy/apply-change';
import { matchRangeOf } from '../policy/policy';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import type { RangeRow } from '../storage/repositories/ranges';
import type { SourceRow } from '../storage/repositories/sources';
import { withoutValidators } from './source-state';

/** Ranges in one transaction. Calls with new addresses wait for it. */
const RANGES_PER_WRITE = 250;
const ROWS_PER_READ = 2_000;

/** Longer than any fetch. A process that has ended leaves its sources this long. */
export const LEASE_MS = 5 * MINUTE_MS;

/** Another process, or an edit of the source, has taken over. What has been written stays, and is completed there. */
export class LeaseLostError extends Error {}

/** A source that this process has claimed: nobody else writes its ranges. */
export interface ClaimedSource extends SourceRow {
  readonly lease: string;
}

/** The networks that one refresh adds to the list, and those that it drops. */
export interface RangesChange {
  readonly added: readonly string[];
  readonly dropped: readonly string[];
  /** Number of ranges of the source afterwards. */
  readonly total: number;
}

type Edit =
  | { readonly kind: 'add'; readonly cidr: string }
  | { readonly kind: 'change'; readonly row: RangeRow }
  | { readonly kind: 'drop'; readonly row: RangeRow };

/** The fields of a source that its ranges have, too. */
export function sharedFields({ effect, key_id, label, range_expires_at }: SourceRow) {
  return { effect, key_id, label, expires_at: range_expires_at };
}

function isUpToDate(row: RangeRow, source: SourceRow): boolean {
  const { effect, key_id, label, expires_at } = sharedFields(source);
  return (
    row.effect === effect && row.key_id === key_id && row.label === label && row.expires_at === expires_at
  );
}

/** Yields the ranges that the source has in the list, a page at a time, so that memory never holds all of them. */
export async function* keptRanges(
  { storage }: Pick<ServiceContext, 'storage'>,
  sourceId: string,
): AsyncGenerator<readonly RangeRow[], void, undefined> {
  let after = '';
  for (let isComplete = false; !isComplete;) {
    const rows = await storage.read.sources.ranges(sourceId, after, ROWS_PER_READ);
    yield rows;
    after = rows.at(-1)?.id ?? after;
    isComplete = rows.length < ROWS_PER_READ;
  }
}

/** Compares what the source has in the list with what it is to have. Additions come first, so that nobody is let out between. */
async function compare(
  context: ServiceContext,
  source: ClaimedSource,
  wanted: ReadonlySet<string> | 'edited',
): Promise<{ readonly edits: readonly Edit[]; readonly change: RangesChange }> {
  const kept = new Set<string>();
  const added: string[] = [];
  const dropped: string[] = [];
  const changes: Edit[] = [];
  const drops: Edit[] = [];
  for await (const rows of keptRanges(context, source.id)) {
    for (const row of rows) {
      kept.add(row.cidr);
      if (wanted !== 'edited' && !wanted.has(row.cidr)) {
        drops.push({ kind: 'drop', row });
        dropped.push(row.cidr);
      } else if (!isUpToDate(row, source)) changes.push({ kind: 'change', row });
      await yieldToEventLoop();
    }
  }
  const edits: Edit[] = [];
  for (const cidr of wanted === 'edited' ? [] : wanted) {
    await yieldToEventLoop();
    if (kept.has(cidr)) continue;
    edits.push({ kind: 'add', cidr });
    added.push(cidr);
  }
  // One by one, because as arguments they would fill the stack.
  for (const edit of changes) edits.push(edit);
  for (const edit of drops) edits.push(edit);
  return { edits, change: { added, dropped, total: kept.size + added.length - dropped.length } };
}

async function addedRow(write: PolicyWrite, source: ClaimedSource, cidr: string): Promise<RangeRow> {
  return {
    id: write.newId(),
    account_id: source.account_id,
    cidr,
    source: 'source',
    source_id: source.id,
    created_at: write.now,
    created_by: source.created_by,
    version: 1,
    last_used_at: null,
    uses: 0,
    changed_seq: await write.seq(),
    ...sharedFields(source),
  };
}

async function makeEdits(write: PolicyWrite, source: ClaimedSource, edits: readonly Edit[]): Promise<void> {
  const { tx, draft, policy } = write;
  const added: RangeRow[] = [];
  const changed: RangeRow[] = [];
  const dropped: string[] = [];
  for (const edit of edits) {
    if (edit.kind === 'add') added.push(await addedRow(write, source, edit.cidr));
    else if (edit.kind === 'drop') dropped.push(edit.row.id);
    else {
      const { row } = edit;
      const next = { ...row, ...sharedFields(source), version: row.version + 1 };
      changed.push({ ...next, changed_seq: await write.seq() });
    }
  }
  await tx.ranges.insertAll(added);
  await tx.ranges.updateAll(changed);
  await tx.ranges.deleteAll(policy.id, dropped);
  const tombstones = [];
  for (const entity_id of dropped) {
    tombstones.push({ account_id: policy.id, changed_seq: await write.seq(), kind: 'range', entity_id });
  }
  await tx.feed.insertTombstones(tombstones);
  const fresh = new RangeMatcher();
  for (const row of [...added, ...changed]) {
    draft.setRange(row);
    fresh.set(matchRangeOf(row));
  }
  for (const id of dropped) draft.removeRange(id);
  await settleByMany(write, fresh);
}

/** @throws LeaseLostError */
export async function keepLease({ tx, now }: PolicyWrite, { id, lease }: ClaimedSource): Promise<void> {
  if (!(await tx.sources.renew(id, lease, now + LEASE_MS))) throw new LeaseLostError();
}

/**
 * Makes the ranges of a source in the list exactly these networks, with the source's effect, key, label and expiry. It writes in
 * batches, so that calls are answered meanwhile; a process that takes over after a crash completes them. `finish` is part of the
 * last transaction, and alone raises the policy's revision.
 *
 * @param wanted canonical networks; `edited` for those that are there, after an edit of the source; `same` if nothing has
 * changed, in which case no range is read.
 * @throws LeaseLostError
 */
export async function writeRanges(
  context: ServiceContext,
  author: Author,
  source: ClaimedSource,
  wanted: ReadonlySet<string> | 'edited' | 'same',
  finish: (write: PolicyWrite, change: RangesChange) => Promise<void>,
): Promise<RangesChange> {
  const { edits, change } =
    wanted === 'same'
      ? { edits: [], change: { added: [], dropped: [], total: source.range_count } }
      : await compare(context, source, wanted);
  const isCuttable = edits.length > RANGES_PER_WRITE;
  for (let start = 0; start === 0 || start < edits.length; start += RANGES_PER_WRITE) {
    const batch = edits.slice(start, start + RANGES_PER_WRITE);
    await writePolicy(context, author, async (write) => {
      await keepLease(write, source);
      if (start === 0 && isCuttable) {
        // Whoever completes this must not be told that the list is the same.
        const state = withoutValidators(source.state);
        await write.tx.sources.update(source.account_id, source.id, { state }, await write.seq());
      }
      await makeEdits(write, source, batch);
      if (start + RANGES_PER_WRITE >= edits.length) await finish(write, change);
    });
  }
  return change;
}
