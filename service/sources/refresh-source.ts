import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#shared/durations';
import { MAX_CHANGE_EXAMPLES, type SourceStatus } from '#shared/domain/source';
import { fillsList, subjectOf } from '#shared/domain/source-spec';
import type { GeoLookup } from '../geo/geo-lookup';
import { systemAuthor, type Author, type ServiceContext } from '../policy/context';
import { writeAudited, type PolicyWrite } from '../policy/policy-write';
import { isoTime } from '../runtime/clock';
import type { ServiceLog } from '../service-log';
import type { SourceChanges } from '../storage/repositories/sources';
import type { ListFetcher } from './fetch-list';
import type { NameResolver } from './name-resolver';
import { readSource, type Yield } from './read-source';
import { SourceFailure } from './source-failure';
import { stateOf, type SourceState } from './source-state';
import {
  keepLease,
  LeaseLostError,
  writeRanges,
  type ClaimedSource,
  type RangesChange,
} from './write-ranges';

const SHORTEST_PAUSE_MS = MINUTE_MS;
/** The pause after a first failure. Each further one doubles it, up to the interval. */
const FIRST_RETRY_MS = MINUTE_MS;
const LONGEST_RETRY_MS = HOUR_MS;
/** The random share of a pause, which keeps the readers of a list from asking at the same moment. */
const JITTER = 0.1;

/** The outcome of a refresh, as metrics count it. */
export type RefreshOutcome = 'changed' | 'unchanged' | 'failed' | 'shrunk' | 'taken_over';

export interface RefreshOptions {
  readonly context: ServiceContext;
  readonly log: ServiceLog;
  readonly fetchList: ListFetcher;
  readonly resolveName: NameResolver;
  /** Says which data there are, for sources of networks and countries. */
  readonly geolocations: Pick<GeoLookup, 'files'>;
  readonly random: () => number;
}

/** A much smaller answer, which is not taken by itself. */
class ShrunkAnswer extends SourceFailure {
  override readonly name = 'ShrunkAnswer';
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

/** Returns the time of the next refresh, which is at the latest when the time of the ranges is over. */
function nextAt({ range_expires_at }: ClaimedSource, now: number, pauseMs: number): number {
  return Math.min(Math.round(now + pauseMs), range_expires_at ?? Infinity);
}

function pauseAfterAnswer(source: ClaimedSource, holdsForMs: number | undefined, random: number): number {
  const intervalMs = source.interval_seconds * SECOND_MS;
  const wanted = Math.min(intervalMs, holdsForMs ?? intervalMs);
  return Math.max(SHORTEST_PAUSE_MS, wanted) * (1 + JITTER * random);
}

function pauseAfterFailure(source: ClaimedSource, failures: number): number {
  const intervalMs = source.interval_seconds * SECOND_MS;
  return Math.min(FIRST_RETRY_MS * 2 ** Math.min(failures, 10), LONGEST_RETRY_MS, intervalMs);
}

/** @throws ShrunkAnswer if the answer has a much smaller share of the last ranges than the source allows. */
function requireShare(
  source: ClaimedSource,
  { takesSmaller }: SourceState,
  networks: ReadonlySet<string>,
): void {
  // A name has few addresses, and its overlap keeps the earlier ones.
  if (takesSmaller || source.kind === 'dns') return;
  if (networks.size * 100 >= source.range_count * source.min_share_percent) return;
  throw new ShrunkAnswer(
    `The list shrank from ${source.range_count} ranges to ${networks.size}; the earlier ones are kept.`,
  );
}

/** Reads the source, and returns what it is to have in the list. @throws SourceFailure */
async function readAnswer(
  options: RefreshOptions,
  source: ClaimedSource,
  state: SourceState,
  signal: AbortSignal,
): Promise<Yield> {
  const subject = subjectOf({ kind: source.kind, spec: JSON.parse(source.spec) });
  if (subject === undefined) throw new SourceFailure('This version of the service cannot read it.');
  if (!fillsList(subject.kind)) {
    const role = subject.kind === 'asn' ? 'asn' : 'country';
    if (options.geolocations.files()[role] === null) {
      const what = role === 'asn' ? 'networks' : 'countries';
      throw new SourceFailure(`There is no data on ${what}, so it matches nothing.`);
    }
  }
  const { fetchList, resolveName, context } = options;
  const answer = await readSource(subject, source, state, {
    fetchList,
    resolveName,
    now: context.clock.now(),
    signal,
  });
  if (answer.networks === 'same' || !fillsList(subject.kind)) return answer;
  if (answer.networks.size === 0) throw new SourceFailure('The answer holds no range that is to be taken.');
  requireShare(source, state, answer.networks);
  return answer;
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

async function takeAnswer(
  { context, log, random }: RefreshOptions,
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
async function keepRanges(
  { context, log }: RefreshOptions,
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
      state: JSON.stringify({ ...state, failures } satisfies SourceState),
      next_at: nextAt(source, write.now, pauseAfterFailure(source, state.failures)),
    });
    if (source.status === status) return;
    const before = factsOf(source);
    const after = { ...before, status, error: failure.message };
    await write.audit({ action: 'source.fail', target: source.id, before, after });
  });
  const fields = { source: source.id, label: source.label, error: failure.message, failures };
  log.write('warn', isShrunk ? 'source.shrunk' : 'source.failing', fields);
  return isShrunk ? 'shrunk' : 'failed';
}

/** Drops the ranges of a source whose time is over, or that is being removed, and with the latter the source itself. */
async function empty({ context }: RefreshOptions, source: ClaimedSource): Promise<RefreshOutcome> {
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

/** Removes the ranges of a source that is marked as removed, then the source. @throws LeaseLostError */
export async function removeWithRanges(
  context: ServiceContext,
  author: Author,
  source: ClaimedSource,
): Promise<void> {
  await writeRanges(context, author, source, new Set(), async (write) => {
    const { tx, policy } = write;
    await tx.sources.delete(policy.id, source.id);
    await tx.feed.insertTombstones([
      { account_id: policy.id, changed_seq: await write.seq(), kind: 'source', entity_id: source.id },
    ]);
  });
}

/** Reads a claimed source, and brings its ranges in the list up to what it yields. */
export async function refreshSource(
  options: RefreshOptions,
  source: ClaimedSource,
  signal: AbortSignal,
): Promise<RefreshOutcome> {
  const { context } = options;
  const isOver = source.range_expires_at !== null && source.range_expires_at <= context.clock.now();
  const state = stateOf(source.state);
  try {
    if (isOver || source.removing === 1) return await empty(options, source);
    return await takeAnswer(options, source, state, await readAnswer(options, source, state, signal));
  } catch (error) {
    // A refresh that the end of the service breaks off is no failure of the source. Its claim ends by itself.
    if (error instanceof LeaseLostError || signal.aborted) return 'taken_over';
    if (!(error instanceof SourceFailure)) throw error;
    try {
      return await keepRanges(options, source, state, error);
    } catch (lost) {
      if (lost instanceof LeaseLostError) return 'taken_over';
      throw lost;
    }
  }
}
