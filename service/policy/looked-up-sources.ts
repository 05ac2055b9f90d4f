import { appliesTo } from '#shared/domain/deciding-range';
import type { Effect } from '#shared/domain/entities';
import { subjectOf } from '#shared/domain/source-spec';
import { formatAddress, type IpAddress } from '#shared/ip/index';
import type { Geolocation, Geolocations } from '../geo/geolocation';
import type { SourceRow } from '../storage/repositories/sources';

/** A source of a network or a country, which decides about addresses that no range decides about (docs/behaviour.md 1.2.5). */
export interface LookedUpSource {
  readonly sourceId: string;
  readonly effect: Effect;
  readonly keyId: string | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  /** The number of a network, or the letters of a country. */
  readonly asn: number | undefined;
  readonly country: string | undefined;
}

export function isLookedUp(match: object): match is LookedUpSource {
  return 'sourceId' in match;
}

/** Returns undefined for a source whose ranges are in the list, and for one that is being removed. */
function lookedUpSourceOf(row: SourceRow): LookedUpSource | undefined {
  if (row.removing === 1) return undefined;
  const subject = subjectOf({ kind: row.kind, spec: JSON.parse(row.spec) });
  const fields = {
    sourceId: row.id,
    effect: row.effect,
    keyId: row.key_id,
    createdAt: row.created_at,
    expiresAt: row.range_expires_at,
    asn: undefined,
    country: undefined,
  };
  if (subject?.kind === 'asn') return { ...fields, asn: subject.spec.asn };
  return subject?.kind === 'country' ? { ...fields, country: subject.spec.country } : undefined;
}

/** Orders sources that apply to the same call: networks first, then denials, then the key's own, then the older one. */
function compareSources(a: LookedUpSource, b: LookedUpSource): number {
  return (
    Number(b.asn !== undefined) - Number(a.asn !== undefined) ||
    Number(b.effect === 'deny') - Number(a.effect === 'deny') ||
    Number(b.keyId !== null) - Number(a.keyId !== null) ||
    a.createdAt - b.createdAt ||
    (a.sourceId < b.sourceId ? -1 : 1)
  );
}

function holdsFor({ asn, country }: LookedUpSource, geolocation: Geolocation): boolean {
  return asn === undefined ? geolocation.country === country : geolocation.asn === asn;
}

/** The networks and countries of one account. There are few, so they are asked one by one. */
export class LookedUpSources {
  readonly #geolocations: Geolocations;
  #sources: readonly LookedUpSource[] = [];

  constructor(geolocations: Geolocations) {
    this.#geolocations = geolocations;
  }

  /** Returns these sources with one as its row says. */
  with(row: SourceRow): LookedUpSources {
    const others = new LookedUpSources(this.#geolocations);
    others.#sources = this.#sources;
    others.set(row);
    return others;
  }

  /** Takes a source that is looked up for each address. The others are known by their ranges. */
  set(row: SourceRow): void {
    this.delete(row.id);
    const source = lookedUpSourceOf(row);
    if (source !== undefined) this.#sources = [...this.#sources, source].sort(compareSources);
  }

  delete(sourceId: string): void {
    this.#sources = this.#sources.filter((source) => source.sourceId !== sourceId);
  }

  /** Returns the source that decides about the address and key; `now` is milliseconds since the epoch. */
  match(address: IpAddress, keyId: string, now: number): LookedUpSource | undefined {
    const applying = this.#sources.filter((source) => appliesTo(source, keyId, now));
    // The data is asked only if somebody has such a source.
    if (applying.length === 0) return undefined;
    const geolocation = this.#geolocations.lookup(formatAddress(address));
    return applying.find((source) => holdsFor(source, geolocation));
  }
}
