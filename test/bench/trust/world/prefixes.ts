import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Reader, type CountryResponse } from 'maxmind';
import { formatAddress } from '#shared/ip/index';
import { IPV4_TABLE, IPV6_TABLE, rowsOf } from '#build/networks';

/** Addresses in a row that one network announces in one country. */
export interface Block {
  readonly asn: number;
  readonly asName: string;
  readonly country: string;
  readonly first: bigint;
  readonly last: bigint;
}

export interface Prefixes {
  readonly ipv4: readonly Block[];
  readonly ipv6: readonly Block[];
}

const requireHere = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(requireHere.resolve(`${name}/package.json`));

/** The country data as the package has it: the combined file answers prefix lengths for IPv6 only. */
interface CountryRecord extends CountryResponse {
  readonly country_code?: string;
}

function openCountries(file: string): Reader<CountryRecord> {
  return new Reader(readFileSync(join(folderOf('@ip-location-db/geo-whois-asn-country-mmdb'), file)));
}

/** Cuts rows of the table of networks where the country changes. Addresses without a country are left out. */
function* blocksOf(
  family: 4 | 6,
  table: string,
  countries: Reader<CountryRecord>,
  wanted: ReadonlySet<number>,
): Generator<Block> {
  const bits = family === 4 ? 32 : 128;
  for (const [firstText, lastText, asnText, asName] of rowsOf(join(folderOf('@ip-location-db/asn'), table))) {
    const asn = Number(asnText);
    if (!wanted.has(asn)) continue;
    const last = BigInt(lastText);
    let first = BigInt(firstText);
    while (first <= last) {
      const [record, length] = countries.getWithPrefixLength(formatAddress({ family, value: first }));
      const size = 1n << BigInt(bits - length);
      const end = (first / size + 1n) * size - 1n;
      const until = end < last ? end : last;
      const country = record?.country_code;
      if (country !== undefined) yield { asn, asName, country, first, last: until };
      first = until + 1n;
    }
  }
}

function isContinued(before: Block | undefined, { asn, country, first }: Block): before is Block {
  return (
    before !== undefined && before.asn === asn && before.country === country && before.last + 1n === first
  );
}

/** Joins neighbours of one network and country: what is left are the runs of a network in a country. */
function joined(blocks: Iterable<Block>): Block[] {
  const runs: Block[] = [];
  for (const block of blocks) {
    const before = runs.at(-1);
    if (isContinued(before, block)) runs[runs.length - 1] = { ...before, last: block.last };
    else runs.push(block);
  }
  return runs;
}

/** Reads the real prefixes of networks, in the order of addresses. */
export function readPrefixes(wanted: ReadonlySet<number>): Prefixes {
  const ipv4 = openCountries('geo-whois-asn-country-ipv4.mmdb');
  const ipv6 = openCountries('geo-whois-asn-country-ipv6.mmdb');
  return {
    ipv4: joined(blocksOf(4, IPV4_TABLE, ipv4, wanted)),
    ipv6: joined(blocksOf(6, IPV6_TABLE, ipv6, wanted)),
  };
}
