import { sentence } from '#shared/domain/sentence';
import { fillsList, subjectOf } from '#shared/domain/source-spec';
import type { GeoLookup } from '../geo/geo-lookup';
import type { ListFetcher } from './fetch-list';
import type { NameResolver } from './name-resolver';
import { readSource, type Yield } from './read-source';
import {
  emptySource,
  keepRanges,
  takeAnswer,
  type OutcomeOptions,
  type RefreshOutcome,
} from './refresh-outcome';
import { ShrunkAnswer, SourceFailure } from './source-failure';
import { stateOf, type SourceState } from './source-state';
import { LeaseLostError, type ClaimedSource } from './write-ranges';

export interface RefreshOptions extends OutcomeOptions {
  readonly fetchList: ListFetcher;
  readonly resolveName: NameResolver;
  /** Says which data there are, for sources of networks and countries. */
  readonly geolocations: Pick<GeoLookup, 'files'>;
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
  throw new ShrunkAnswer(sentence('listShrank', { before: source.range_count, now: networks.size }));
}

/** Reads the source, and returns what it is to have in the list. @throws SourceFailure */
async function readAnswer(
  options: RefreshOptions,
  source: ClaimedSource,
  state: SourceState,
  signal: AbortSignal,
): Promise<Yield> {
  const subject = subjectOf({ kind: source.kind, spec: JSON.parse(source.spec) });
  if (subject === undefined) throw new SourceFailure(sentence('sourceNotKnown'));
  if (!fillsList(subject.kind)) {
    const role = subject.kind === 'asn' ? 'asn' : 'country';
    if (options.geolocations.files()[role] === null) {
      throw new SourceFailure(sentence(role === 'asn' ? 'noNetworkData' : 'noCountryData'));
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
  if (answer.networks.size === 0) throw new SourceFailure(sentence('listEmpty'));
  requireShare(source, state, answer.networks);
  return answer;
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
    if (isOver || source.removing === 1) return await emptySource(options, source);
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
