import { DAY_MS } from '#shared/durations';
import { DECLINED_DAYS, PROPOSAL_DAYS, type Proposal, proposalFor } from '#shared/domain/proposal';
import { presetOfNetwork } from '#shared/domain/source-presets';
import { tradeOf } from '../enforcement/trust/hosting-networks';
import type { Geolocation } from '../geo/geolocation';
import type { Repositories } from '../storage/storage';
import { callersOf } from '../storage/repositories/reviews';

/** The number of earlier answers that are compared. */
const MAX_COMPARED = 20;

/** The caller for which a review is opened. */
interface NewCaller {
  readonly accountId: string;
  readonly keyId: string;
  readonly ip: string;
  readonly userAgent: string | null;
}

/** Returns what would have covered the address and those that people authorized before (docs/behaviour.md 1.7.7), or null. */
export async function proposeFor(
  { proposals }: Pick<Repositories, 'proposals'>,
  { accountId, keyId, ip, userAgent }: NewCaller,
  { country, asn, asName, ipv4Addresses }: Geolocation,
  now: number,
): Promise<Proposal | null> {
  if (asn === null) return null;
  const subject = { accountId, keyId, asn };
  const rows = await proposals.authorized(subject, now - PROPOSAL_DAYS * DAY_MS, MAX_COMPARED);
  if (rows.length === 0 || (await proposals.isDeclined(subject, now - DECLINED_DAYS * DAY_MS))) return null;
  const authorized = rows.map((row) => ({
    ip: row.ip,
    country: row.country,
    userAgent: callersOf(row).find((caller) => caller.ip === row.ip)?.userAgent ?? null,
  }));
  return proposalFor({ ip, country, userAgent }, authorized, {
    asn,
    ipv4Addresses: ipv4Addresses ?? null,
    trade: tradeOf(asn, asName) ?? 'access',
    preset: presetOfNetwork(asn),
  });
}
