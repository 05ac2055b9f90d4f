import { randomUUID } from 'node:crypto';
import type { RouteRequest } from '#shared/api/route-types';
import type { Source } from '#shared/domain/source';
import { fillsList, subjectOf, type SourceSubject } from '#shared/domain/source-spec';
import type { Author, ServiceContext } from '../policy/context';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';
import { epochMsOf } from '../runtime/clock';
import { sourceOf, type SourceChanges, type SourceRow } from '../storage/repositories/sources';
import {
  changed,
  lookAhead,
  publish,
  requireSource,
  unlessTakenOver,
  type ChangedSource,
  type EditContext,
} from './source-edit';
import { readSubject, requireLimits, type View } from './source-request';
import { FRESH_STATE, stateOf, withoutValidators, type SourceState } from './source-state';
import { LEASE_MS, writeRanges } from './write-ranges';

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

function subjectOfRow({ kind, spec }: SourceRow): SourceSubject {
  const subject = subjectOf({ kind, spec: JSON.parse(spec) });
  if (subject === undefined) throw new Error(`the source of kind ${kind} cannot be read`);
  return subject;
}

/**
 * Changes a source, and with it all its ranges. What is being read at this moment is given up, and the source is read again.
 * @throws Refusal `not_found`, `stale`, `invalid_request` or `would_block`.
 */
export async function updateSource(
  context: EditContext,
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
