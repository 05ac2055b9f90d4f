import { parseAddress, sortableAddress } from '#shared/ip/index';
import { isNetworkRow } from '#shared/domain/entities';
import type { AttemptSummary } from '#shared/api/routes-log';
import { isoTime } from '../../runtime/clock';
import type { AttemptFacets } from '../../storage/repositories/attempt-facets';
import type { AttemptFilter } from '../../storage/repositories/attempt-filter';
import type { AttemptScansRepository } from '../../storage/repositories/attempt-scans';
import { startWalk } from './log-walk';
import { NamedCounts, type NamedCalls } from './counts';
import { addCalls, noCalls, Timeline, type Calls } from './timeline';

interface SummaryRequest {
  readonly accountId: string;
  readonly filter: AttemptFilter;
  /** Limit of entries in each list. */
  readonly top: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly keyName: (keyId: string) => string;
}

/** Limit of attempts that are searched for the name of a network. The address may have moved to another network since. */
const GEOLOCATIONS_READ = 20;

function callsOf({ allowed, blocked }: Readonly<Calls>): Calls {
  return { allowed, blocked };
}

/** The counts of a summary, gathered in one pass over the log. */
class Counts {
  readonly total = noCalls();
  readonly addresses = new NamedCounts<string>();
  readonly keys = new NamedCounts<string>();
  readonly countries = new NamedCounts<string | null>();
  readonly networks = new NamedCounts<number | null>();
  /** One address of each network, by which the network's name is found. */
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

/** Returns the newest geolocation that the log has for the address; with `asn`, the newest one in that network. */
async function geolocationOf(scans: AttemptScansRepository, accountId: string, ip: string, asn?: number) {
  if (isNetworkRow({ ip })) return undefined;
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(`an attempt has the unreadable address "${ip}"`);
  const geolocations = await scans.geolocationsOf(
    accountId,
    sortableAddress(parsed.address),
    GEOLOCATIONS_READ,
  );
  return asn === undefined ? geolocations[0] : geolocations.find((geolocation) => geolocation.asn === asn);
}

/** Sums up the attempts that match the filter, over time and by name. Rejects between two steps when the signal aborts. */
export async function summarizeAttempts(
  scans: AttemptScansRepository,
  { accountId, filter, top, now, signal, keyName }: SummaryRequest,
): Promise<AttemptSummary> {
  const to = filter.to ?? Math.max(now, filter.from ?? now);
  const from = filter.from ?? Math.min(to, (await scans.firstAt(accountId)) ?? to);
  const timeline = new Timeline(from, to);
  const counts = new Counts(timeline);
  const walk = await startWalk(scans, { accountId, filter, order: 'oldest' });
  const step = () =>
    walk.next(async (found) => {
      for (const facets of await found.facets()) counts.add(facets);
      return true;
    });
  while ((await step()) !== undefined) signal.throwIfAborted();

  const addressEntry = async ({ name, lastAtMs, ...calls }: NamedCalls<string>) => {
    const geolocation = await geolocationOf(scans, accountId, name);
    return {
      ip: name,
      country: geolocation?.country ?? null,
      asn: geolocation?.asn ?? null,
      asName: geolocation?.as_name ?? null,
      lastAt: isoTime(lastAtMs),
      ...calls,
    };
  };
  const networkEntry = async ({ name, ...calls }: NamedCalls<number | null>) => {
    const ip = name === null ? undefined : counts.addressIn(name);
    const geolocation =
      ip === undefined || name === null ? undefined : await geolocationOf(scans, accountId, ip, name);
    return { asn: name, asName: geolocation?.as_name ?? null, ...callsOf(calls) };
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
}
