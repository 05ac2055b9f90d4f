import { MAX_NAMED_REMOVALS } from '#shared/api/routes-import';
import type { RouteRequest, RouteResponse } from '#shared/api/route-types';
import { newRange } from '#shared/domain/change-ranges';
import type { Range } from '#shared/domain/entities';
import { hasDenial, RangeMatcher, type MatchRange } from '../enforcement/matcher';
import { contextOf, settleByMany } from '../policy/apply-change';
import type { Author, ServiceContext } from '../policy/context';
import type { ChangeContext } from '../policy/impact';
import { matchRangeOf, type AccountPolicy } from '../policy/policy';
import { writeAudited, writePolicy, type PolicyWrite } from '../policy/policy-write';
import { deleteRange, insertRanges } from '../policy/range-edits';
import { fieldRefusal } from '../policy/field-refusal';
import type { RangeEntry } from '../readers/document';
import { entriesOf } from '../readers/read-ranges';
import { epochMsOf, isoTimeOrNull } from '../runtime/clock';
import { yieldToEventLoop } from '../runtime/yield-to-event-loop';
import { rangeOf, type RangeRow } from '../storage/repositories/ranges';
import { ImportPage } from './import-page';
import { ImportRun, type Target } from './import-run';
import { openImport, type OpenedImport } from './open-import';

type Request = RouteRequest<'importRanges'>['body'];
type Imported = RouteResponse<'importRanges'>;
type Context = ServiceContext & ChangeContext;

/** Lines in one transaction. Rows of new addresses wait for it, and a crash loses no more than this. */
const LINES_PER_WRITE = 1_000;
/** Ranges that are added or removed in one transaction. */
const RANGES_PER_WRITE = 250;

/** Runs the import on a list of its own, which it returns, and changes nothing. */
async function rehearse(
  run: ImportRun,
  lines: Iterable<RangeEntry>,
  policy: AccountPolicy,
  now: number,
  signal: AbortSignal,
): Promise<RangeMatcher> {
  const fresh = new RangeMatcher();
  const target: Target = {
    lists: [policy.ranges, fresh],
    now,
    idsAreReal: false,
    add: (cidr, line, { effect, keyId, expiresAt }) => {
      const id = `${line} ${fresh.size}`;
      fresh.set({ id, cidr, effect, keyId, createdAt: now, expiresAt });
      return id;
    },
    lineOf: (id) => (policy.ranges.get(id) === undefined ? Number.parseInt(id, 10) : undefined),
  };
  for (const line of lines) {
    if (signal.aborted) break;
    run.take(line, target);
    await yieldToEventLoop();
  }
  return fresh;
}

/** Returns those of the ranges that earlier imports added and that this one lacks. */
function lackingOf(earlier: readonly RangeRow[], run: ImportRun, { counts }: ImportPage): RangeRow[] {
  const { added, duplicate, covered } = counts;
  // A list without one range that can be read says nothing about those that are there.
  return added + duplicate + covered === 0 ? [] : earlier.filter(({ id }) => run.leaving.has(id));
}

/** Returns false if the import can only let in. It reads the list for that only if its lines may deny. */
export async function canBlock(
  { effect, replace }: Pick<Request, 'effect' | 'replace'>,
  document: OpenedImport['document'],
  signal: AbortSignal,
): Promise<boolean> {
  if (replace) return true;
  if (effect !== undefined) return effect === 'deny';
  if (!document.mayDeny) return false;
  for (const { reading } of entriesOf(document)) {
    if ('effect' in reading && reading.effect === 'deny') return true;
    if (signal.aborted) return false;
    await yieldToEventLoop();
  }
  return false;
}

/** Looks whom the import would block, by a rehearsal. @throws Refusal `would_block` */
async function lookAhead(
  { guard }: Pick<Context, 'guard'>,
  request: Request,
  document: OpenedImport['document'],
  earlier: readonly RangeRow[],
  policy: AccountPolicy,
  now: number,
  signal: AbortSignal,
): Promise<void> {
  if (request.confirmImpact === true || !(await canBlock(request, document, signal))) return;
  const page = new ImportPage(request);
  const run = new ImportRun(policy, request, page, earlier);
  const ranges = await rehearse(run, entriesOf(document), policy, now, signal);
  const lacking = lackingOf(earlier, run, page);
  if (signal.aborted || (lacking.length === 0 && !hasDenial(ranges))) return;
  const removed: MatchRange[] = [];
  for (const row of lacking) {
    removed.push(matchRangeOf(row));
    await yieldToEventLoop();
  }
  await guard(policy.id, { ranges, removed });
}

/** Adds the ranges of a few lines in one transaction. Memory lacks them until the commit, so `fresh` has them too. */
async function addSome(
  write: PolicyWrite,
  run: ImportRun,
  lines: Iterator<RangeEntry>,
  lineOf: Map<string, number>,
  name: string | undefined,
): Promise<boolean> {
  const fresh = new RangeMatcher();
  const added: Range[] = [];
  const context = contextOf(write);
  const expired: MatchRange[] = [];
  const target: Target = {
    lists: [write.policy.ranges, fresh],
    now: write.now,
    idsAreReal: true,
    add: (cidr, line, { label, effect, keyId, expiresAt }, replaced) => {
      expired.push(...replaced);
      const id = write.newId();
      const createdAt = write.now;
      fresh.set({ id, cidr, effect, keyId, createdAt, expiresAt });
      const fields = { cidr, effect, label, source: 'import', keyId } as const;
      added.push(newRange({ ...fields, expiresAt: isoTimeOrNull(expiresAt) }, id, context));
      lineOf.set(id, line);
      return id;
    },
    lineOf: (id) => lineOf.get(id),
  };
  let done = false;
  for (let taken = 0; taken < LINES_PER_WRITE && added.length < RANGES_PER_WRITE; taken += 1) {
    const next = lines.next();
    if (next.done === true) {
      done = true;
      break;
    }
    run.take(next.value, target);
  }
  for (const { id } of expired) {
    const row = await write.tx.ranges.get(write.policy.id, id);
    // A source keeps its expired ranges itself.
    if (row?.source_id === null) await deleteRange(write, rangeOf(row));
  }
  await insertRanges(write, added);
  if (name !== undefined) {
    await write.tx.ranges.nameAll(
      write.policy.id,
      name,
      added.map(({ id }) => id),
    );
  }
  await settleByMany(write, fresh);
  return done;
}

/** Removes ranges that a later import of the same name lacks, unless somebody has done so meanwhile. */
async function removeSome(write: PolicyWrite, rows: readonly RangeRow[]): Promise<void> {
  for (const { id } of rows) {
    const row = await write.tx.ranges.get(write.policy.id, id);
    if (row !== undefined) await deleteRange(write, rangeOf(row));
  }
}

/** @throws Refusal naming the option that no line could have. */
function requireOptions({ keyId, expiresAt }: Request, policy: AccountPolicy, now: number): void {
  if (typeof keyId === 'string' && policy.keys.get(keyId)?.status !== 'active') {
    throw fieldRefusal('keyId', { reason: 'noKey' });
  }
  if (typeof expiresAt === 'string' && epochMsOf(expiresAt) <= now) {
    throw fieldRefusal('expiresAt', { reason: 'past' });
  }
}

/**
 * Imports a list line by line (docs/behaviour.md 4.6). Lines are added in batches, so that calls are answered meanwhile; a
 * cut import has added the batches so far, and removed nothing. Each range has its audit event, and so does the import.
 * @param signal ends the import early when the caller has gone away.
 * @param requirePermission ends the import early by throwing when the caller may not import any more.
 * @throws Refusal `invalid_request` or `limit_reached` naming the field, or `would_block`, before anything is changed.
 */
export async function importRanges(
  context: Context,
  author: Author,
  request: Request,
  signal: AbortSignal,
  requirePermission: () => Promise<unknown>,
): Promise<Imported> {
  const { dryRun, name, replace } = request;
  const now = context.clock.now();
  const policy = context.directory.account(author.accountId);
  requireOptions(request, policy, now);
  const { document, recognized, lines: count } = await openImport(request, now);
  const page = new ImportPage(request);
  const earlier =
    name === undefined || !replace ? [] : await context.storage.read.ranges.named(policy.id, name);
  const run = new ImportRun(policy, request, page, earlier);
  const lines = entriesOf(document);
  const answer = (gone: readonly RangeRow[]): Imported => ({
    recognized,
    ...page.answer(),
    removed: gone.length,
    removals: gone.slice(0, MAX_NAMED_REMOVALS).map(({ id, cidr, label }) => ({ rangeId: id, cidr, label })),
  });
  if (dryRun) {
    await rehearse(run, lines, policy, now, signal);
    return answer(lackingOf(earlier, run, page));
  }
  await lookAhead(context, request, document, earlier, policy, now, signal);
  const lineOf = new Map<string, number>();
  let isRead = false;
  let gone: readonly RangeRow[] = [];
  let removed = 0;
  const noteEnd = async (): Promise<void> => {
    if (run.ranges + removed === 0) return;
    const complete = isRead && removed === gone.length;
    const after = { lines: count, ranges: run.ranges, removed, ...page.counts, name: name ?? null, complete };
    await writeAudited(context, author, (write) =>
      write.audit({ action: 'ranges.import', target: author.accountId, before: null, after }),
    );
  };
  const requirePermissionOrEnd = async (): Promise<void> => {
    try {
      await requirePermission();
    } catch (error) {
      await noteEnd();
      throw error;
    }
  };
  while (!isRead && !signal.aborted) {
    isRead = await writePolicy(context, author, (write) => addSome(write, run, lines, lineOf, name));
    if (!isRead) await requirePermissionOrEnd();
  }
  if (isRead) gone = lackingOf(earlier, run, page);
  while (removed < gone.length && !signal.aborted) {
    await requirePermissionOrEnd();
    const some = gone.slice(removed, removed + RANGES_PER_WRITE);
    await writePolicy(context, author, (write) => removeSome(write, some));
    removed += some.length;
  }
  await noteEnd();
  return answer(gone);
}
