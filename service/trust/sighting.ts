import { together } from '#shared/async/together';
import { cidrOf, formatCidr, type IpAddress } from '#shared/ip/index';
import type { Geolocation } from '../geo/geolocation';
import type { SightingKey, SightingRow } from '../storage/repositories/sightings';
import type { WriteContext } from '../storage/writer';

/** Prefix lengths of a neighbourhood: the same prefix is near for the trust review. */
export const NEIGHBOURHOOD = { ipv4PrefixLength: 16, ipv6PrefixLength: 48 } as const;

/** User agents remembered for a key and range, so that a caller who sends ever new ones does not fill the disk. */
const MAX_AGENTS = 50;

/**
 * Sightings of a key. Beyond them only the first one in each range is added, because a key that is used from everywhere, or
 * with ever new user agents, would fill the disk (docs/behaviour.md 1.6.5).
 */
export const MAX_SIGHTINGS = 20_000;

/** A call that a range let in. */
interface SightedCall {
  readonly policy: { readonly id: string };
  readonly keyId: string;
  readonly address: IpAddress;
  readonly userAgent: string | null;
}

/** Returns the sighting of one call that was let in. */
export function sightingOf(
  call: SightedCall,
  geolocation: Geolocation,
  rangeId: string,
  at: number,
): SightingRow {
  const { family } = call.address;
  const length = family === 4 ? NEIGHBOURHOOD.ipv4PrefixLength : NEIGHBOURHOOD.ipv6PrefixLength;
  return {
    account_id: call.policy.id,
    key_id: call.keyId,
    range_id: rangeId,
    prefix: formatCidr(cidrOf(call.address, length)),
    agent: call.userAgent ?? '',
    country: geolocation.country,
    region: geolocation.region ?? null,
    asn: geolocation.asn,
    as_name: geolocation.asName,
    first_at: at,
    last_at: at,
    uses: 1,
  };
}

function textOf(key: SightingKey): string {
  return JSON.stringify([key.account_id, key.key_id, key.range_id, key.prefix, key.agent]);
}

/** Merges sightings with the same primary key: one upsert must not meet a row twice. */
function merged(rows: readonly SightingRow[]): SightingRow[] {
  const byKey = new Map<string, SightingRow>();
  for (const row of rows) {
    const text = textOf(row);
    const other = byKey.get(text);
    byKey.set(
      text,
      other === undefined
        ? row
        : {
            ...other,
            region: row.region ?? other.region,
            uses: other.uses + row.uses,
            last_at: Math.max(other.last_at, row.last_at),
          },
    );
  }
  return [...byKey.values()];
}

function keyAndRangeOf({ key_id: keyId, range_id: rangeId }: SightingRow): string {
  return `${keyId} ${rangeId}`;
}

/** Returns the number of user agents of each key and range, and of sightings of each key, all asked for together. */
async function countsOf({ tx: { sightings } }: WriteContext, rows: readonly SightingRow[]) {
  const agents = new Map<string, number>();
  const ofKey = new Map<string, number>();
  const byKeyAndRange = new Map(rows.map((row) => [keyAndRangeOf(row), row]));
  const byKey = new Map(rows.map((row) => [row.key_id, row]));
  await together([
    ...[...byKeyAndRange].map(async ([id, row]) => agents.set(id, await sightings.countAgents(row))),
    ...[...byKey].map(async ([keyId, { account_id: accountId }]) =>
      ofKey.set(keyId, await sightings.countOfKey(accountId, keyId, MAX_SIGHTINGS)),
    ),
  ]);
  return { agents, ofKey };
}

/** Returns the new sightings that fit the limits; beyond {@link MAX_AGENTS} the user agent is left out. */
async function withinBounds(write: WriteContext, rows: readonly SightingRow[]): Promise<SightingRow[]> {
  const { agents: agentsOf, ofKey } = await countsOf(write, rows);
  const bounded: SightingRow[] = [];
  for (const row of rows) {
    const agents = agentsOf.get(keyAndRangeOf(row)) ?? 0;
    const all = ofKey.get(row.key_id) ?? 0;
    if (agents > 0 && all >= MAX_SIGHTINGS) continue;
    ofKey.set(row.key_id, all + 1);
    agentsOf.set(keyAndRangeOf(row), agents + 1);
    bounded.push(agents < MAX_AGENTS ? row : { ...row, agent: '' });
  }
  return bounded;
}

/** Stores sightings for later trust reviews. Their ranges must exist. */
export async function writeSightings(write: WriteContext, sightings: readonly SightingRow[]): Promise<void> {
  const rows = merged(sightings);
  const known = new Set((await write.tx.sightings.raise(rows)).map(textOf));
  const fresh = rows.filter((row) => !known.has(textOf(row)));
  await write.tx.sightings.add(merged(await withinBounds(write, fresh)));
}

export function writeSighting(
  write: WriteContext,
  call: SightedCall,
  geolocation: Geolocation,
  rangeId: string,
  at: number,
): Promise<void> {
  return writeSightings(write, [sightingOf(call, geolocation, rangeId, at)]);
}
