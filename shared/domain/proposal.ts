import { z } from 'zod';
import {
  addressBits,
  type Cidr,
  cidrContains,
  cidrOf,
  formatCidr,
  type IpAddress,
  parseAddress,
} from '../ip/index';
import { sourcePresetSchema, type SourcePreset } from './source-presets';
import { told } from './told';

/**
 * What would have covered the addresses that people authorized one by one for a key (docs/behaviour.md 1.7.7): a range that holds
 * them, their network, or the list of the cloud that they are in.
 */
export const proposalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('range'), cidr: z.string(), covers: z.int().min(2) }),
  z.object({
    kind: z.literal('network'),
    asn: z.int(),
    /** The IPv4 addresses that the network announces; null where the data do not say. */
    ipv4Addresses: z.int().nullable(),
    covers: z.int().min(2),
  }),
  z.object({ kind: z.literal('preset'), preset: told(sourcePresetSchema), covers: z.int().min(2) }),
]);
export type Proposal = z.infer<typeof proposalSchema>;

/** Answers of so many days count, from when the address called first. */
export const PROPOSAL_DAYS = 90;
/** The time for which a declined proposal does not come back for the same key and network, in days. */
export const DECLINED_DAYS = 30;
/** A key with so many open reviews is probably leaked, and nothing is proposed for it. */
export const MAX_OPEN_FOR_PROPOSAL = 10;

/** The widest range that is proposed: 4,096 addresses of IPv4, a /48 of IPv6. */
const WIDEST = { 4: 20, 6: 48 } as const;

/** An address as it called. */
export interface Caller {
  readonly ip: string;
  readonly country: string | null;
  readonly userAgent: string | null;
}

export interface CallerNetwork {
  readonly asn: number;
  readonly ipv4Addresses: number | null;
  /** `access` for a provider of homes, offices and phones. */
  readonly trade: 'access' | 'hosting' | 'anonymizer';
  /** The cloud's published list, if it has one. */
  readonly preset: SourcePreset | undefined;
}

/** Returns the smallest network that holds all of the addresses; undefined if they are of both families, or there are none. */
function networkHolding(addresses: readonly IpAddress[]): Cidr | undefined {
  const [first, ...others] = addresses;
  if (first === undefined) return undefined;
  for (let length = addressBits(first.family); length >= 0; length -= 1) {
    const cidr = cidrOf(first, length);
    if (others.every((address) => cidrContains(cidr, address))) return cidr;
  }
  return undefined;
}

/**
 * Returns what to propose for an address that calls from a network from which people have authorized others for the same key.
 * Only those with the same country and user agent count. Null if there is none, or where anybody can rent addresses and no list
 * tells the owner's part of them.
 * @param authorized callers of the same key and network.
 */
export function proposalFor(
  caller: Caller,
  authorized: readonly Caller[],
  { asn, ipv4Addresses, trade, preset }: CallerNetwork,
): Proposal | null {
  const { country, userAgent } = caller;
  if (country === null || userAgent === null || trade === 'anonymizer') return null;
  const alike = authorized.filter((other) => other.country === country && other.userAgent === userAgent);
  const texts = [...new Set([caller, ...alike].map(({ ip }) => ip))];
  if (texts.length < 2) return null;
  const addresses = texts.flatMap((text) => {
    const parsed = parseAddress(text);
    return parsed.ok ? [parsed.address] : [];
  });
  const covers = texts.length;
  const range = networkHolding(addresses);
  if (range !== undefined && range.prefixLength >= WIDEST[range.family]) {
    return { kind: 'range', cidr: formatCidr(range), covers };
  }
  if (trade === 'access') return { kind: 'network', asn, ipv4Addresses, covers };
  return preset === undefined ? null : { kind: 'preset', preset, covers };
}
