import { parseAddress, sortableAddress } from '#shared/ip/index';
import { isNetworkRow } from '#shared/domain/entities';
import type { AttemptSummary } from '#shared/api/routes-log';
import { isoTime } from '../../runtime/clock';
import type { AttemptFacets } from '../../storage/repositories/attempt-facets';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';
import type { AttemptScansRepository } from '../../storage/repositories/attempt-scans';
import { startWalk } from './log-walk';
import { NamedCounts, type Tallied } from './counts';
import { addCalls, noCalls, Timeline, type Calls } from './timeline';

export interface SummaryRequest {
  readonly accountId: string;
  readonly filter: AttemptFilter;
  /** Entries in each list. */
  readonly top: number;
  /** Milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly keyName: (keyId: string) => string;
}

/** Attempts of an address looked at to find the name of its network, which may have changed hands. */
const PLACES_LOOKED_AT = 20;

const callsOf = ({ allowed, blocked }: Readonly<Calls>): Calls => ({ allowed, blocked });

/** What a log comes to: everything that is counted in one pass. */
class Counts {
  readonly total = noCalls();
  readonly addresses = new NamedCounts<string>();
  readonly keys = new NamedCounts<string>();
  readonly countries = new NamedCounts<string | null>();
  readonly networks = new NamedCounts<number | null>();
  /** An address of each network, to ask for the network's name. */
  readonly #addressIn = new Map<number, string>();
  readonly #timeline: Timeline;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  add([ip, keyId, signedCount, firstAt, lastAt, country, asn]: AttemptFacets): void {
    addCalls(this.total, signedCount);
    this.#timeline.add(firstAt, signedCount);
    this.addresses.add(ip, signedCount, lastAt);
    this.keys.add(keyId, signedCount, lastAt);
    this.countries.add(country, signedCount, lastAt);
    this.networks.add(asn, signedCount, lastAt);
    if (asn !== null) this.#addressIn.set(asn, ip);
  }

  addressIn(asn: number): string | undefined {
    return this.#addressIn.get(asn);
  }
}

/** Where the log says that an address is; with `asn`, as it said while the address was in that network. */
const placeOf = async (lanes: AttemptScansRepository, accountId: string, ip: string, asn?: number) => {
  if (isNetworkRow({ ip })) return undefined;
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`an attempt has the unreadable address "${ip}"`);
  const places = await lanes.placesOf(accountId, sortableAddress(parsed.address), PLACES_LOOKED_AT);
  return asn === undefined ? places[0] : places.find((place) => place.asn === asn);
};

/**
 * Sums up the attempts that meet the filter: over time, and who had the most calls. Whoever goes away while it is
 * under way costs no more.
 */
export const summarizeAttempts = async (
  lanes: AttemptScansRepository,
  { accountId, filter, top, now, signal, keyName }: SummaryRequest,
): Promise<AttemptSummary> => {
  const to = filter.to ?? Math.max(now, filter.from ?? now);
  const from = filter.from ?? Math.min(to, (await lanes.firstAt(accountId)) ?? to);
  const timeline = new Timeline(from, to);
  const counts = new Counts(timeline);
  const walk = await startWalk(lanes, { accountId, filter, order: 'oldest' });
  const step = () =>
    walk.next(async (found) => {
      for (const facets of await found.facets()) counts.add(facets);
      return true;
    });
  while ((await step()) !== undefined) signal.throwIfAborted();

  const addressEntry = async ({ name, lastAtMs, ...calls }: Tallied<string>) => {
    const place = await placeOf(lanes, accountId, name);
    return {
      ip: name,
      country: place?.country ?? null,
      asn: place?.asn ?? null,
      asName: place?.as_name ?? null,
      lastAt: isoTime(lastAtMs),
      ...calls,
    };
  };
  const networkEntry = async ({ name, ...calls }: Tallied<number | null>) => {
    const ip = name === null ? undefined : counts.addressIn(name);
    const place = ip === undefined || name === null ? undefined : await placeOf(lanes, accountId, ip, name);
    return { asn: name, asName: place?.as_name ?? null, ...callsOf(calls) };
  };
  return {
    from: isoTime(from),
    to: isoTime(to),
    total: counts.total,
    bucketSeconds: timeline.bucketSeconds,
    timeline: timeline.entries().map(({ atMs, ...calls }) => ({ at: isoTime(atMs), ...calls })),
    addresses: await Promise.all(counts.addresses.top(top).map(addressEntry)),
    keys: counts.keys
      .top(top)
      .map(({ name, ...calls }) => ({ keyId: name, keyName: keyName(name), ...callsOf(calls) })),
    countries: counts.countries.top(top).map(({ name, ...calls }) => ({ country: name, ...callsOf(calls) })),
    networks: await Promise.all(counts.networks.top(top).map(networkEntry)),
  };
};
