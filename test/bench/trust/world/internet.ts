import { formatAddress, type IpAddress, type IpFamily } from '#shared/ip/index';
import { fractionOf, type Random } from '#demo/traffic/random';
import { isCompanyIn, isCountryIn, type Half } from './half';
import { ACCESS, CLOUDS, HOSTERS, TOR_EXITS, VPNS, type Company } from './networks';
import { readPrefixes, type Block, type Prefixes } from './prefixes';

/**
 * One half of the real Internet: the real prefixes of real networks in real countries. The data say neither how a provider
 * gives its addresses to lines nor where the regions of a cloud are. What is assumed:
 *
 * - every address of a network in a country is as likely as any other, where nothing else is said;
 * - a line gets its addresses from a pool of 3 to 12 of its provider's blocks, none larger than a /16 (IPv6: two of its
 *   /40s), wherever they lie; one time in ten from anywhere in the provider's network;
 * - phones are behind 60 to 200 /24s of 4 to 16 blocks of their carrier, the first ones used more;
 * - a cloud's runs of addresses in one country are dealt out to its regions there: one region for each 64 /16s, at most
 *   eight. Functions, runners and rented machines of all tenants draw from the same ones;
 * - a network is in a country if it has a /19 there; the larger it is, the more owners it has (by the square root);
 * - the data that the service has say nothing of the network for 1 % of the /20s (IPv6: /44s), and the country is unknown or
 *   wrong for 1.5 %, of clouds for 3 %;
 * - data on regions know those of clouds. Of each other company they deal the /16s (IPv6: /40s) of a country out to 12 regions,
 *   wherever its lines are, and name another region for one in five of the /20s.
 */
export interface Internet {
  readonly half: Half;
  /** The countries that owners live in. */
  readonly countries: readonly string[];
  fixed(country: string): readonly Source[];
  mobile(country: string): readonly Source[];
  readonly regions: readonly CloudRegion[];
  /** By company and country. */
  readonly hosters: readonly Source[];
  readonly vpns: readonly Source[];
  readonly torExits: readonly Source[];
}

/** What the data of the service say of an address, which may be wrong. */
export interface Place {
  readonly country: string | null;
  /** Only some owners have data on regions; absent where these do not know. */
  readonly region?: string;
  readonly asn: number | null;
  readonly asName: string | null;
}

export interface Located {
  readonly address: IpAddress;
  /** `address` as canonical text. */
  readonly ip: string;
  readonly place: Place;
}

/** Draws an address. */
export type Draw = (random: Random) => Located;

/** A company's addresses in one country. */
export interface Source {
  readonly company: Company;
  readonly country: string;
  /** The number of its IPv4 addresses. */
  readonly size: number;
  readonly isCloud: boolean;
  /** Draws from all IPv4 addresses. */
  readonly draw: Draw;
  /** Makes the pool of one line. */
  readonly line: (random: Random) => Draw;
  /** The same of IPv6; undefined where the company has none in the country. */
  readonly ipv6Line: ((random: Random) => Draw) | undefined;
  /** Makes the shared addresses that the phones of one place are behind. */
  readonly phones: (random: Random) => Draw;
}

export interface CloudRegion extends Source {
  readonly region: string;
}

const BITS = { 4: 32n, 6: 128n } as const;
/** Addresses of a network that is said to be in a country. */
const LEAST_SIZE = 2 ** 13;
const REGION_SIZE = 64 * 2 ** 16;
const MOST_REGIONS = 8;
const WRONG = { anywhere: 0.015, cloud: 0.03 } as const;
const REGIONS_OF_OTHERS = 12;
const WRONG_REGION = 0.2;
const ELSEWHERE = 0.1;

function sizeOf({ first, last }: Block): number {
  return Number(last - first + 1n);
}

/** Cuts blocks at the bounds of networks of this length. */
function piecesOf(blocks: readonly Block[], family: IpFamily, prefixLength: bigint): Block[] {
  const step = 1n << (BITS[family] - prefixLength);
  return blocks.flatMap((block) => {
    const pieces: Block[] = [];
    for (let { first } = block; first <= block.last;) {
      const end = (first / step + 1n) * step - 1n;
      const last = end < block.last ? end : block.last;
      pieces.push({ ...block, first, last });
      first = last + 1n;
    }
    return pieces;
  });
}

/** Draws evenly from the addresses of blocks. */
function evenly(blocks: readonly Block[]): (random: Random) => readonly [Block, bigint] {
  const ends: number[] = [];
  for (const block of blocks) ends.push((ends.at(-1) ?? 0) + sizeOf(block));
  const total = ends.at(-1) ?? 0;
  return (random) => {
    const at = random.next() * total;
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    const block = blocks[low];
    if (block === undefined) throw new Error('a network without addresses');
    return [block, block.first + BigInt(Math.floor(at - (ends[low - 1] ?? 0)))];
  };
}

/** Returns the region that data name for an address of a company that is no cloud. */
function partOf(country: string, { family, value }: IpAddress): string {
  const isWrong = fractionOf(`region ${family} ${value >> (family === 4 ? 12n : 84n)}`) < WRONG_REGION;
  const part = `${isWrong ? 'wrong ' : ''}${country} ${family} ${value >> (family === 4 ? 16n : 88n)}`;
  return `${country}-${Math.floor(fractionOf(part) * REGIONS_OF_OTHERS) + 1}`;
}

/** Returns what the data say of an address. They are the same data that the world is made of, so that errors are made up. */
function placeOf({ asn, asName, country }: Block, address: IpAddress, { isCloud, region }: Holdings): Place {
  const luck = fractionOf(`data ${address.family} ${address.value >> (address.family === 4 ? 12n : 84n)}`);
  const wrong = isCloud ? WRONG.cloud : WRONG.anywhere;
  const known = region ?? partOf(country, address);
  if (luck < 0.01) return { country, region: known, asn: null, asName: null };
  if (luck < 0.01 + wrong / 2) return { country: null, asn, asName };
  if (luck < 0.01 + wrong) return { country: country === 'US' ? 'CA' : 'US', asn, asName };
  return { country, region: known, asn, asName };
}

function located(block: Block, family: IpFamily, value: bigint, holdings: Holdings): Located {
  const address: IpAddress = { family, value };
  return { address, ip: formatAddress(address), place: placeOf(block, address, holdings) };
}

function times<T>(count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

/** The first items are used more: the first one twice as often as the third (Zipf with exponent 0.6). */
function popular<T>(items: readonly T[]): readonly (readonly [T, number])[] {
  return items.map((item, index) => [item, (index + 1) ** -0.6] as const);
}

interface Holdings {
  readonly company: Company;
  readonly country: string;
  readonly ipv4: readonly Block[];
  readonly ipv6: readonly Block[];
  readonly isCloud: boolean;
  /** Absent if it is not one region of a cloud. */
  readonly region?: string;
}

function sourceOf(holdings: Holdings): Source {
  const { company, country, ipv4, ipv6, isCloud } = holdings;
  const anyIpv4 = evenly(ipv4);
  const draw: Draw = (random) => {
    const [block, value] = anyIpv4(random);
    return located(block, 4, value, holdings);
  };
  const pieces = piecesOf(ipv4, 4, 16n);
  const anyPiece = evenly(pieces);
  const someOf = (random: Random, low: number, high: number): readonly Block[] => [
    ...new Set(times(random.int(low, high), () => anyPiece(random)[0])),
  ];
  const anyIpv6 = evenly(ipv6);
  return {
    company,
    country,
    size: ipv4.reduce((sum, block) => sum + sizeOf(block), 0),
    isCloud,
    draw,
    line: (random) => {
      const fromPool = evenly(someOf(random, 3, 12));
      return (drawer) => {
        if (drawer.chance(ELSEWHERE)) return draw(drawer);
        const [block, value] = fromPool(drawer);
        return located(block, 4, value, holdings);
      };
    },
    ipv6Line:
      ipv6.length === 0
        ? undefined
        : (random) => {
            const pools = times(2, () => anyIpv6(random)).map(
              ([block, value]) => [block, value >> 88n] as const,
            );
            return (drawer) => {
              const [block, pool] = drawer.pick(pools);
              // 16 bits for the line's /56, then the subnet and the host.
              const line = (pool << 16n) | BigInt(drawer.int(0, 0xffff));
              return located(block, 6, (line << 72n) | BigInt(drawer.int(1, 0xffff_ffff)), holdings);
            };
          },
    phones: (random) => {
      const blocks = someOf(random, 4, 16);
      const within = evenly(blocks);
      const exits = popular(times(random.int(60, 200), () => within(random)));
      return (drawer) => {
        const [block, value] = drawer.weighted(exits);
        return located(block, 4, ((value >> 8n) << 8n) | BigInt(drawer.int(1, 254)), holdings);
      };
    },
  };
}

/** Runs of a cloud in one country, dealt out to regions. */
function regionsOf({ company, country, size }: Source, ipv4: readonly Block[]): CloudRegion[] {
  const count = Math.min(MOST_REGIONS, Math.max(1, Math.round(size / REGION_SIZE)));
  const blocksOf = times(count, (): Block[] => []);
  const runs = [...ipv4].sort((a, b) => (a.first < b.first ? -1 : 1));
  for (const run of runs) {
    blocksOf[Math.floor(fractionOf(`region of ${run.first}`) * count)]?.push(run);
  }
  return blocksOf.flatMap((blocks, index) => {
    const region = `${company.name} ${country} ${index + 1}`;
    const source = sourceOf({ company, country, ipv4: blocks, ipv6: [], isCloud: true, region });
    return source.size < LEAST_SIZE ? [] : [{ ...source, region }];
  });
}

/** Groups blocks by number and country. */
function grouped(blocks: readonly Block[]): ReadonlyMap<string, readonly Block[]> {
  const groups = new Map<string, Block[]>();
  for (const block of blocks) {
    const group = groups.get(`${block.asn} ${block.country}`);
    if (group === undefined) groups.set(`${block.asn} ${block.country}`, [block]);
    else group.push(block);
  }
  return groups;
}

function allNumbers(): ReadonlySet<number> {
  const access = Object.values(ACCESS).flatMap(({ fixed, mobile }) => [...fixed, ...mobile]);
  const companies = [...access, ...CLOUDS, ...HOSTERS, ...VPNS, ...TOR_EXITS];
  return new Set(companies.flatMap(({ asns }) => asns));
}

let prefixes: { readonly [family in keyof Prefixes]: ReadonlyMap<string, readonly Block[]> } | undefined;

/** The tables are read once for both halves. */
function loaded(): NonNullable<typeof prefixes> {
  if (prefixes === undefined) {
    const { ipv4, ipv6 } = readPrefixes(allNumbers());
    prefixes = { ipv4: grouped(ipv4), ipv6: grouped(ipv6) };
  }
  return prefixes;
}

function holdingsOf(company: Company, country: string, isCloud: boolean): Holdings {
  const { ipv4, ipv6 } = loaded();
  const of = (groups: ReadonlyMap<string, readonly Block[]>): readonly Block[] =>
    company.asns.flatMap((asn) => groups.get(`${asn} ${country}`) ?? []);
  return { company, country, ipv4: of(ipv4), ipv6: of(ipv6), isCloud };
}

function countriesOf({ asns }: Company): readonly string[] {
  const countries = [...loaded().ipv4.keys()].flatMap((name) => {
    const [asn, country = ''] = name.split(' ');
    return asns.includes(Number(asn)) ? [country] : [];
  });
  return [...new Set(countries)].sort();
}

export function createInternet(half: Half): Internet {
  const countries = Object.keys(ACCESS).filter((country) => isCountryIn(half, country));
  const everywhere = (
    companies: readonly Company[],
    leastSize: number,
    isCloud: boolean,
  ): readonly (readonly [Source, Holdings])[] =>
    companies
      .filter((company) => isCompanyIn(half, company))
      .flatMap((company) =>
        countriesOf(company).map((country) => {
          const holdings = holdingsOf(company, country, isCloud);
          return [sourceOf(holdings), holdings] as const;
        }),
      )
      .filter(([{ size }]) => size >= leastSize);
  const access = (kind: 'fixed' | 'mobile'): ReadonlyMap<string, readonly Source[]> =>
    new Map(
      countries.map((country) => [
        country,
        (ACCESS[country]?.[kind] ?? []).map((company) => sourceOf(holdingsOf(company, country, false))),
      ]),
    );
  const fixed = access('fixed');
  const mobile = access('mobile');
  const sourcesOf = (companies: readonly Company[], leastSize: number): readonly Source[] =>
    everywhere(companies, leastSize, true).map(([source]) => source);
  return {
    half,
    countries,
    fixed: (country) => fixed.get(country) ?? [],
    mobile: (country) => mobile.get(country) ?? [],
    regions: everywhere(CLOUDS, LEAST_SIZE, true).flatMap(([source, { ipv4 }]) => regionsOf(source, ipv4)),
    hosters: sourcesOf(HOSTERS, LEAST_SIZE),
    vpns: sourcesOf(VPNS, 256),
    torExits: sourcesOf(TOR_EXITS, 1),
  };
}

/** Draws a source, larger ones more often. */
export function anySource<T extends Source>(random: Random, sources: readonly T[]): T {
  return random.weighted(sources.map((source) => [source, Math.sqrt(source.size)] as const));
}

export function isFar(country: string, other: string): boolean {
  return ACCESS[country]?.continent !== ACCESS[other]?.continent;
}
