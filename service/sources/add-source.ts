import { MAX_SOURCES } from '#shared/api/routes-sources';
import type { RouteRequest } from '#shared/api/route-types';
import { DEFAULT_INTERVAL_SECONDS, fillsList, type SourceSubject } from '#shared/domain/source-spec';
import type { Author } from '../policy/context';
import { writePolicy, type PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';
import { epochMsOf } from '../runtime/clock';
import { sourceOf, type SourceRow } from '../storage/repositories/sources';
import { lookAtSource } from './look-ahead';
import { changed, publish, type ChangedSource, type EditContext } from './source-edit';
import { readSubject, requireLimits } from './source-request';
import { FRESH_STATE } from './source-state';

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
  context: EditContext,
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
