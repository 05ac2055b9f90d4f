import type { SourceNote } from '#shared/api/routes-sources';
import type { RouteResponse } from '#shared/api/route-types';
import { fillsList, type SourceSubject } from '#shared/domain/source-spec';
import { widthOf } from '#shared/domain/source-width';
import { settleByLookup } from '../policy/apply-change';
import type { Author, ServiceContext } from '../policy/context';
import type { ChangeContext } from '../policy/impact';
import type { PolicyWrite } from '../policy/policy-write';
import { Refusal } from '../policy/refusal';
import { sourceOf, type SourceChanges, type SourceRow } from '../storage/repositories/sources';
import { lookAtSource } from './look-ahead';
import type { View } from './source-request';
import { LeaseLostError } from './write-ranges';

/** The steps that additions, changes and removals of sources share. */

export type ChangedSource = RouteResponse<'addSource'>;
export type EditContext = ServiceContext & ChangeContext;

const NOTES: Readonly<Record<'cloud' | 'country', SourceNote>> = {
  cloud: {
    code: 'whole_cloud',
    message: 'Anybody can run programs at these addresses, so that a leaked key can be used from them.',
  },
  country: { code: 'whole_country', message: 'It lets in everybody in this country.' },
};

export function changed(row: SourceRow, subject: SourceSubject): ChangedSource {
  const width = widthOf(subject, row.effect);
  return { source: sourceOf(row), notes: width === undefined ? [] : [NOTES[width]] };
}

/** Takes a looked-up source into memory, and settles the reviews that it now decides about. */
export async function publish(write: PolicyWrite, row: SourceRow): Promise<void> {
  if (fillsList(row.kind)) return;
  write.afterCommit(() => write.policy.setSource(row));
  await settleByLookup(write, row);
}

/** @throws Refusal `not_found`, or `stale` if it is not in the version that the author saw. */
export async function requireSource(
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

/** Looks before the change is written, outside of its transaction, so that calls never wait for it. */
export async function lookAhead(
  context: EditContext,
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

/** Ends quietly if another process has taken over: it completes what was begun. */
export async function unlessTakenOver(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  }
}
