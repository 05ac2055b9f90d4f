import { randomUUID } from 'node:crypto';
import { MAX_SOURCES, type SourceNote } from '#shared/api/routes-sources';
import type { RouteRequest, RouteResponse } from '#shared/api/route-types';
import type { Source } from '#shared/domain/source';
import {
  DEFAULT_INTERVAL_SECONDS,
  fillsList,
  subjectOf,
  type SourceSubject,
} from '#shared/domain/source-spec';
import { widthOf } from '#shared/domain/source-width';
import { settleByLookup } from '../policy/apply-change';
import type { Author, ServiceContext } from '../policy/context';
import type { ChangeContext } from '../policy/impact';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';
import { epochMsOf } from '../runtime/clock';
import { sourceOf, type SourceChanges, type SourceRow } from '../storage/repositories/sources';
import { lookAtSource } from './look-ahead';
import { removeWithRanges } from './refresh-source';
import { readSubject, requireLimits, type View } from './source-request';
import { FRESH_STATE, stateOf, withoutValidators, type SourceState } from './source-state';
import { LEASE_MS, LeaseLostError, writeRanges, type ClaimedSource } from './write-ranges';

type ChangedSource = RouteResponse<'addSource'>;
type Context = ServiceContext & ChangeContext;
const NOTES: Readonly<Record<'cloud' | 'country', SourceNote>> = {
  cloud: {
    code: 'whole_cloud',
    message: 'Anybody can run programs at these addresses, so that a leaked key can be used from them.',
  },
  country: { code: 'whole_country', message: 'It lets in everybody in this country.' },
};

function changed(row: SourceRow, subject: SourceSubject): ChangedSource {
  const width = widthOf(subject, row.effect);
  return { source: sourceOf(row), notes: width === undefined ? [] : [NOTES[width]] };
}

/** Takes a looked-up source into memory, and settles the reviews that it now decides about. */
async function publish(write: PolicyWrite, row: SourceRow): Promise<void> {
  if (fillsList(row.kind)) return;
  write.afterCommit(() => write.policy.setSource(row));
  await settleByLookup(write, row);
}

/** Returns a source that has not been read. */
function freshRow(
  request: RouteRequest<'addSource'>['body'],
  subject: SourceSubject,
  author: Author,
  created: Pick<SourceRow, 'id' | 'created_at' | 'changed_seq'>,
): SourceRow {
  return {
    ...created,
    account_id: author.accountId,
    kind: subject.kind,
    spec: JSON.stringify(subject.spec),
    effect: request.effect,
    key_id: request.keyId,
    label: request.label,
    interval_seconds: request.intervalSeconds ?? DEFAULT_INTERVAL_SECONDS[subject.kind],
    range_expires_at: request.rangeExpiresAt === null ? null : epochMsOf(request.rangeExpiresAt),
    allow_wide: request.allowWide ? 1 : 0,
    min_share_percent: request.minSharePercent,
    status: 'ok',
    last_tried_at: null,
    last_ok_at: null,
    last_error: null,
    last_error_code: null,
    range_count: 0,
    last_change: null,
    created_by: author.actor.name,
    version: 1,
    next_at: created.created_at,
    lease: null,
    state: JSON.stringify(FRESH_STATE),
    removing: 0,
  };
}

/** @throws Refusal */
export async function addSourceWithin(
  write: PolicyWrite,
  request: RouteRequest<'addSource'>['body'],
): Promise<ChangedSource> {
  const { tx, policy, now, author } = write;
  const subject = readSubject(request.kind, request.spec);
  requireLimits(write, request);
  if ((await tx.sources.count(policy.id)) >= MAX_SOURCES) {
    throw new Refusal('limit_reached', `An account has at most ${MAX_SOURCES} sources; remove one first.`);
  }
  const created = { id: write.newId(), created_at: now, changed_seq: await write.seq() };
  const row = freshRow(request, subject, author, created);
  await tx.sources.insert(row);
  await write.audit({ action: 'source.add', target: row.id, before: null, after: sourceOf(row) });
  await publish(write, row);
  return changed(row, subject);
}

/** Adds a source, which is read at once. @throws Refusal, `would_block` if it denies whom the log let in. */
export async function addSource(
  context: Context,
  author: Author,
  request: RouteRequest<'addSource'>['body'],
): Promise<ChangedSource> {
  const subject = readSubject(request.kind, request.spec);
  if (request.effect === 'deny' && !fillsList(subject.kind) && request.confirmImpact !== true) {
    const planned = { id: 'planned', created_at: context.clock.now(), changed_seq: 0 };
    await lookAtSource(context, freshRow(request, subject, author, planned));
  }
  return writePolicy(context, author, (write) => addSourceWithin(write, request));
}

/** @throws Refusal `not_found`, or `stale` if it is not in the version that the author saw. */
async function requireSource(
  { tx, policy }: Pick<PolicyWrite, 'tx' | 'policy'>,
  sourceId: string,
  baseVersion?: number,
): Promise<SourceRow> {
  const row = await tx.sources.get(policy.id, sourceId);
  if (row === undefined || row.removing === 1) {
    throw new Refusal('not_found', 'There is no source with this id.', { field: 'id' });
  }
  if (baseVersion === undefined || row.version === baseVersion) return row;
  throw new Refusal('stale', 'The source was changed by somebody else.', {
    field: 'if-match',
    currentSource: sourceOf(row),
  });
}

/** Returns the columns that a request changes. @throws Refusal naming the field. */
function changesOf(view: View, row: SourceRow, request: RouteRequest<'updateSource'>['body']): SourceChanges {
  const { spec, paused, effect, keyId, label, intervalSeconds, rangeExpiresAt, allowWide } = request;
  requireLimits(view, request);
  if (paused !== undefined && !fillsList(row.kind)) {
    const message = 'paused: a network or a country is looked up for each call; remove the source instead.';
    throw new Refusal('invalid_request', message, { field: 'paused' });
  }
  const subject = spec === undefined ? undefined : readSubject(row.kind, spec);
  const specText = subject && JSON.stringify(subject.spec);
  const isOther = specText !== undefined && specText !== row.spec;
  const isPaused = paused ?? row.status === 'paused';
  // The validators and the size of another list say nothing about this one.
  const state: SourceState | undefined = isOther
    ? { ...FRESH_STATE, takesSmaller: true }
    : allowWide === true
      ? { ...stateOf(row.state), validators: {} }
      : undefined;
  return {
    ...(isOther && { spec: specText }),
    ...(state !== undefined && { state: JSON.stringify(state) }),
    ...(effect !== undefined && { effect }),
    ...(keyId !== undefined && { key_id: keyId }),
    ...(label !== undefined && { label }),
    ...(intervalSeconds !== undefined && { interval_seconds: intervalSeconds }),
    ...(rangeExpiresAt !== undefined && {
      range_expires_at: rangeExpiresAt === null ? null : epochMsOf(rangeExpiresAt),
      // The ranges may have gone with their time.
      state: JSON.stringify({ ...(state ?? stateOf(row.state)), validators: {} }),
    }),
    ...(allowWide !== undefined && { allow_wide: allowWide ? 1 : 0 }),
    ...(request.minSharePercent !== undefined && { min_share_percent: request.minSharePercent }),
    ...(isPaused ? { status: 'paused' } : row.status === 'paused' && { status: 'ok' }),
    version: row.version + 1,
  };
}

/** Returns true if the change may block somebody and was not confirmed. */
function mayBlock(request: RouteRequest<'updateSource'>['body']): boolean {
  const { confirmImpact, effect, keyId, rangeExpiresAt, spec } = request;
  return confirmImpact !== true && [effect, keyId, rangeExpiresAt, spec].some((field) => field !== undefined);
}

/** Looks before the change is written, outside of its transaction, so that calls never wait for it. */
async function lookAhead(
  context: Context,
  { accountId }: Author,
  sourceId: string,
  baseVersion: number | undefined,
  changesFor: (view: View, row: SourceRow) => SourceChanges,
): Promise<void> {
  const { storage, directory, clock } = context;
  const view = { policy: directory.account(accountId), now: clock.now() };
  const row = await requireSource({ ...view, tx: storage.read }, sourceId, baseVersion);
  await lookAtSource(context, { ...row, ...changesFor(view, row) });
}

/**
 * Changes a source, and with it all its ranges. What is being read at this moment is given up, and the source is read again.
 * @throws Refusal `not_found`, `stale`, `invalid_request` or `would_block`.
 */
export async function updateSource(
  context: Context,
  author: Author,
  sourceId: string,
  request: RouteRequest<'updateSource'>['body'],
  baseVersion: number | undefined,
): Promise<ChangedSource> {
  if (mayBlock(request)) {
    await lookAhead(context, author, sourceId, baseVersion, (view, row) => changesOf(view, row, request));
  }
  const lease = randomUUID();
  const { row, state } = await writePolicy(context, author, async (write) => {
    const { tx, policy, now } = write;
    const before = await requireSource(write, sourceId, baseVersion);
    const { state = before.state, ...changes } = changesOf(write, before, request);
    const claim = { lease, next_at: now + LEASE_MS, state: withoutValidators(state) };
    const after = await tx.sources.update(policy.id, sourceId, { ...changes, ...claim }, await write.seq());
    await write.audit({
      action: 'source.update',
      target: sourceId,
      before: sourceOf(before),
      after: { ...sourceOf(after), nextAt: null },
    });
    await publish(write, after);
    return { row: after, state };
  });
  let current = row;
  const finish = async ({ tx, now, policy, seq }: PolicyWrite): Promise<void> => {
    const next_at = row.status === 'paused' ? null : now;
    current = await tx.sources.update(policy.id, sourceId, { lease: null, next_at, state }, await seq());
  };
  await unlessTakenOver(() => writeRanges(context, author, { ...row, lease }, 'edited', finish));
  return changed(current, subjectOfRow(row));
}

function subjectOfRow({ kind, spec }: SourceRow): SourceSubject {
  const subject = subjectOf({ kind, spec: JSON.parse(spec) });
  if (subject === undefined) throw new Error(`the source of kind ${kind} cannot be read`);
  return subject;
}

/** Ends quietly if another process has taken over: it completes what was begun. */
async function unlessTakenOver(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  }
}

/** Removes a source and its ranges. @throws Refusal `not_found`, `stale` or `would_block`. */
export async function removeSource(
  context: Context,
  author: Author,
  sourceId: string,
  { confirmImpact }: RouteRequest<'removeSource'>['query'],
  baseVersion: number | undefined,
): Promise<void> {
  if (confirmImpact !== true) {
    await lookAhead(context, author, sourceId, baseVersion, () => ({ removing: 1 }));
  }
  const lease = randomUUID();
  const source = await writePolicy(context, author, async (write): Promise<ClaimedSource> => {
    const { tx, policy, now } = write;
    const before = await requireSource(write, sourceId, baseVersion);
    const changes = { lease, next_at: now + LEASE_MS, removing: 1 as const };
    const after = await tx.sources.update(policy.id, sourceId, changes, await write.seq());
    await write.audit({ action: 'source.remove', target: sourceId, before: sourceOf(before), after: null });
    await publish(write, after);
    return { ...after, lease };
  });
  await unlessTakenOver(() => removeWithRanges(context, author, source));
}

/** Makes a source due now. @throws Refusal `not_found` or `invalid_request`. */
export function askForRefresh(
  context: ServiceContext,
  author: Author,
  sourceId: string,
  { acceptShrunk }: RouteRequest<'refreshSource'>['body'],
): Promise<Source> {
  return writePolicy(context, author, async (write) => {
    const { tx, policy, now } = write;
    const row = await requireSource(write, sourceId);
    if (row.status === 'paused') {
      throw new Refusal('invalid_request', 'The source is paused; resume it to have it read.', {
        field: 'id',
      });
    }
    const changes: SourceChanges = { lease: null, next_at: now };
    if (acceptShrunk) changes.state = JSON.stringify({ ...stateOf(row.state), takesSmaller: true });
    return sourceOf(await tx.sources.update(policy.id, sourceId, changes, await write.seq()));
  });
}
