import { MAX_CHANGE_EXAMPLES, type SourceStatus } from '#shared/domain/source';
import { systemAuthor, type ServiceContext } from '../policy/context';
import { writeAudited, type PolicyWrite } from '../policy/policy-write';
import { isoTime } from '../runtime/clock';
import type { ServiceLog } from '../service-log';
import type { SourceChanges } from '../storage/repositories/sources';
import type { Yield } from './read-source';
import { nextAt, pauseAfterAnswer, pauseAfterFailure } from './refresh-schedule';
import { removeWithRanges } from './remove-source';
import { ShrunkAnswer, type SourceFailure } from './source-failure';
import { stateOf, type SourceState } from './source-state';
import { keepLease, writeRanges, type ClaimedSource, type RangesChange } from './write-ranges';

/** The outcome of a refresh, as metrics count it. */
export type RefreshOutcome = 'changed' | 'unchanged' | 'failed' | 'shrunk' | 'taken_over';

/** The means to write an outcome. */
export interface OutcomeOptions {
  readonly context: ServiceContext;
  readonly log: ServiceLog;
  readonly random: () => number;
}

/** Returns what the audit trail says of a source before each refresh: which one it is, and how it stands. */
function factsOf({ label, kind, spec, range_count: ranges, status }: ClaimedSource) {
  return { label, kind, spec: JSON.parse(spec) as unknown, ranges, status };
}

function examplesOf(networks: readonly string[]): string[] {
  return networks.slice(0, MAX_CHANGE_EXAMPLES);
}

/** Returns what a refresh changed, as the source and the audit trail tell it. */
function changeAt(now: number, { added, dropped }: RangesChange) {
  return {
    at: isoTime(now),
    added: added.length,
    dropped: dropped.length,
    addedExamples: examplesOf(added),
    droppedExamples: examplesOf(dropped),
  };
}

/** Writes the row that the refresh leaves, and ends the claim. */
async function writeOutcome(
  write: PolicyWrite,
  source: ClaimedSource,
  changes: SourceChanges,
): Promise<void> {
  await write.tx.sources.update(
    source.account_id,
    source.id,
    { lease: null, last_tried_at: write.now, ...changes },
    await write.seq(),
  );
}

/** Brings the ranges up to the answer. @throws LeaseLostError */
export async function takeAnswer(
  { context, log, random }: OutcomeOptions,
  source: ClaimedSource,
  state: SourceState,
  answer: Yield,
): Promise<RefreshOutcome> {
  const author = systemAuthor(source.account_id);
  const nextState: SourceState = { ...answer.state, failures: 0, takesSmaller: false };
  const change = await writeRanges(context, author, source, answer.networks, async (write, written) => {
    const isChanged = written.added.length + written.dropped.length > 0;
    const lastChange = changeAt(write.now, written);
    await writeOutcome(write, source, {
      status: 'ok',
      last_ok_at: write.now,
      last_error: null,
      last_error_code: null,
      range_count: written.total,
      state: JSON.stringify(nextState),
      next_at: nextAt(source, write.now, pauseAfterAnswer(source, answer.holdsForMs, random())),
      ...(isChanged && { last_change: JSON.stringify(lastChange) }),
    });
    const before = factsOf(source);
    const after = { ...before, ...lastChange, ranges: written.total, status: 'ok' };
    if (isChanged) await write.audit({ action: 'source.refresh', target: source.id, before, after });
    else if (source.status !== 'ok') {
      await write.audit({ action: 'source.recover', target: source.id, before, after });
    }
  });
  const [added, dropped] = [change.added.length, change.dropped.length];
  if (added + dropped === 0) return 'unchanged';
  log.write('info', 'source.changed', { source: source.id, label: source.label, added, dropped });
  return 'changed';
}

/** Keeps the ranges, and says why. */
export async function keepRanges(
  { context, log }: OutcomeOptions,
  source: ClaimedSource,
  state: SourceState,
  failure: SourceFailure,
): Promise<RefreshOutcome> {
  const isShrunk = failure instanceof ShrunkAnswer;
  const status: SourceStatus = isShrunk ? 'shrunk' : 'failing';
  const failures = state.failures + 1;
  await writeAudited(context, systemAuthor(source.account_id), async (write) => {
    await keepLease(write, source);
    await writeOutcome(write, source, {
      status,
      last_error: failure.message,
      last_error_code: failure.lastErrorCode,
      state: JSON.stringify({
        ...state,
        failures,
        lastErrorWords: [failure.said.words],
      } satisfies SourceState),
      next_at: nextAt(source, write.now, pauseAfterFailure(source, state.failures)),
    });
    if (source.status === status) return;
    const before = factsOf(source);
    const after = { ...before, status, error: failure.message, errorWords: [failure.said.words] };
    await write.audit({ action: 'source.fail', target: source.id, before, after });
  });
  const fields = { source: source.id, label: source.label, error: failure.message, failures };
  log.write('warn', isShrunk ? 'source.shrunk' : 'source.failing', fields);
  return isShrunk ? 'shrunk' : 'failed';
}

/** Drops the ranges of a source whose time is over, or that is being removed, and with the latter the source itself. */
export async function emptySource(
  { context }: OutcomeOptions,
  source: ClaimedSource,
): Promise<RefreshOutcome> {
  if (source.removing === 1) {
    await removeWithRanges(context, systemAuthor(source.account_id), source);
    return 'changed';
  }
  const author = systemAuthor(source.account_id);
  const change = await writeRanges(context, author, source, new Set(), async (write, written) => {
    const lastChange = changeAt(write.now, written);
    await writeOutcome(write, source, {
      range_count: 0,
      next_at: null,
      last_change: JSON.stringify(lastChange),
      state: JSON.stringify({ ...stateOf(source.state), validators: {}, seenAt: {} } satisfies SourceState),
    });
    const before = factsOf(source);
    const after = { ...before, ...lastChange, ranges: 0 };
    await write.audit({ action: 'source.refresh', target: source.id, before, after });
  });
  return change.dropped.length > 0 ? 'changed' : 'unchanged';
}
