import { Resolver } from 'node:dns/promises';
import { sentence, type ReasonValues } from '#shared/domain/sentence';
import { SECOND_MS } from '#shared/durations';
import { formatCidr, hostCidrOf, parseAddress } from '#shared/ip/index';
import { SourceFailure } from './source-failure';

/** The addresses of a name as /32 and /128, and the seconds for which they hold. */
export interface ResolvedName {
  readonly cidrs: readonly string[];
  readonly ttlSeconds: number;
}

export type NameResolver = (name: string) => Promise<ResolvedName>;

interface AddressRecord {
  readonly address: string;
  readonly ttl: number;
}

const ANSWER_MS = 5 * SECOND_MS;
const TRIES = 2;

/** The name exists and has no address of this family, or does not exist. */
const NO_ADDRESS = new Set(['ENODATA', 'ENOTFOUND']);

/** The errors that c-ares reports. */
const TROUBLES: Readonly<Record<string, ReasonValues>> = {
  ETIMEOUT: { reason: 'dnsSilent' },
  ESERVFAIL: { reason: 'dnsFailed' },
  EREFUSED: { reason: 'dnsRefused' },
  ECONNREFUSED: { reason: 'dnsUnreachable' },
};

/** Creates a resolver that asks the system's DNS servers, or `servers`. */
export function createNameResolver(servers?: readonly string[]): NameResolver {
  const resolver = new Resolver({ timeout: ANSWER_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);

  const ask = async (name: string, query: Promise<AddressRecord[]>): Promise<AddressRecord[]> => {
    try {
      return await query;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (NO_ADDRESS.has(code)) return [];
      // Without one family its addresses would be dropped, although nobody knows that they are gone.
      throw new SourceFailure(
        sentence('nameUnresolved', { name, ...(TROUBLES[code] ?? { reason: 'dnsOther', code }) }),
      );
    }
  };

  return async (name) => {
    const records = (
      await Promise.all([
        ask(name, resolver.resolve4(name, { ttl: true })),
        ask(name, resolver.resolve6(name, { ttl: true })),
      ])
    ).flat();
    if (records.length === 0) throw new SourceFailure(sentence('nameWithoutAddress', { name }));
    const cidrs = records.flatMap(({ address }) => {
      const parsed = parseAddress(address);
      return parsed.ok ? [formatCidr(hostCidrOf(parsed.address))] : [];
    });
    return { cidrs: [...new Set(cidrs)], ttlSeconds: Math.min(...records.map(({ ttl }) => ttl)) };
  };
}
