import type { IpAddress } from '#shared/ip/index';
import { fractionOf, randomFrom, type Random } from '#demo/traffic/random';

/**
 * A made-up internet, drawn from a seed: access providers and mobile carriers of each country, clouds with regions, small
 * hosting companies. What is assumed:
 *
 * - a country has four access providers (market shares 40, 25, 20, 15 %) and three mobile carriers (45, 35, 20 %);
 * - an access provider owns 24 to 60 IPv4 /16s, spread over the whole address space and given to 8 regions; a line gets
 *   its addresses from its region's 3 to 7 /16s, one time in twenty from elsewhere in the country;
 * - it owns an IPv6 /29; a region delegates from 2 to 6 of its /44s; a line gets a /56, a phone a /64;
 * - a carrier hides all phones behind 60 to 200 /24s in 3 to 8 /16s, the first ones used more;
 * - a cloud region has 10 to 110 /16s, the first ones used more; functions, runners and rented machines of all tenants
 *   draw from the same ones. The regions are the real clouds' more popular ones, by rough popularity;
 * - a small hosting company has 1 to 4 /20s; a third of them have names that do not say what they sell;
 * - country data is wrong or absent for 1.5 % of the /20s (IPv6: /44s), of clouds for 3 %; network data is absent for 1 %.
 */

export interface Place {
  readonly country: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
}

/** An address as the data files of the service would describe it, which may be wrong. */
export interface Located {
  readonly address: IpAddress;
  readonly place: Place;
}

/** Where addresses are drawn from: one network in one country. */
export interface Source {
  readonly network: Network;
  readonly country: string;
  draw(random: Random): Located;
}

interface Network {
  readonly asn: number;
  readonly name: string;
  readonly trade: 'access' | 'mobile' | 'cloud' | 'hosting';
}

export interface AccessProvider {
  readonly share: number;
  readonly regions: readonly { readonly ipv4: Source; readonly ipv6: Source }[];
}

export interface Carrier {
  readonly share: number;
  readonly ipv4: Source;
}

export interface CloudRegion extends Source {
  readonly cloud: string;
  readonly region: string;
  readonly popularity: number;
}

export interface Internet {
  readonly providers: ReadonlyMap<string, readonly AccessProvider[]>;
  readonly carriers: ReadonlyMap<string, readonly Carrier[]>;
  readonly regions: readonly CloudRegion[];
  /** Small and large hosting companies, by site. */
  readonly hosters: readonly Source[];
}

/** Continent by country: the customers' countries first. */
export const CONTINENTS: Readonly<Record<string, string>> = {
  US: 'NA',
  DE: 'EU',
  ES: 'EU',
  FR: 'EU',
  GB: 'EU',
  BR: 'SA',
  IN: 'AS',
  PL: 'EU',
  NL: 'EU',
  MX: 'NA',
  IT: 'EU',
  JP: 'AS',
  IE: 'EU',
  SG: 'AS',
  AU: 'OC',
  CA: 'NA',
  SE: 'EU',
  RO: 'EU',
  BE: 'EU',
  RU: 'EU',
  UA: 'EU',
  TR: 'AS',
  CN: 'AS',
  ID: 'AS',
  VN: 'AS',
  TH: 'AS',
  PK: 'AS',
  NG: 'AF',
  ZA: 'AF',
  EG: 'AF',
  AR: 'SA',
  CO: 'SA',
  KR: 'AS',
  BG: 'EU',
  FI: 'EU',
  CH: 'EU',
};

const REGIONS: readonly (readonly [
  cloud: 'aws' | 'azure' | 'gcp',
  region: string,
  country: string,
  popularity: number,
  blocks: number,
])[] = [
  ['aws', 'us-east-1', 'US', 35, 110],
  ['aws', 'us-east-2', 'US', 9, 40],
  ['aws', 'us-west-2', 'US', 14, 60],
  ['aws', 'eu-west-1', 'IE', 13, 50],
  ['aws', 'eu-central-1', 'DE', 9, 30],
  ['aws', 'eu-west-2', 'GB', 5, 18],
  ['aws', 'eu-west-3', 'FR', 4, 12],
  ['aws', 'sa-east-1', 'BR', 4, 12],
  ['aws', 'ap-south-1', 'IN', 4, 16],
  ['aws', 'ap-southeast-1', 'SG', 4, 20],
  ['azure', 'eastus', 'US', 30, 60],
  ['azure', 'westus2', 'US', 14, 40],
  ['azure', 'northcentralus', 'US', 8, 20],
  ['azure', 'centralus', 'US', 10, 30],
  ['azure', 'westeurope', 'NL', 20, 50],
  ['azure', 'northeurope', 'IE', 10, 30],
  ['azure', 'uksouth', 'GB', 6, 16],
  ['gcp', 'us-central1', 'US', 35, 50],
  ['gcp', 'us-east1', 'US', 15, 30],
  ['gcp', 'europe-west1', 'BE', 18, 20],
  ['gcp', 'europe-west3', 'DE', 8, 10],
  ['gcp', 'asia-south1', 'IN', 6, 10],
];

const CLOUDS = {
  aws: { asn: 16509, name: 'AMAZON-02', trade: 'cloud' },
  azure: { asn: 8075, name: 'MICROSOFT-CORP-MSN-AS-BLOCK', trade: 'cloud' },
  gcp: { asn: 396982, name: 'GOOGLE-CLOUD-PLATFORM', trade: 'cloud' },
} as const;

/** Hosting companies that are well known, with their sites. */
const LARGE_HOSTERS: readonly (readonly [asn: number, name: string, ...countries: string[]])[] = [
  [14061, 'DIGITALOCEAN-ASN', 'US', 'NL', 'DE', 'GB', 'IN', 'SG', 'CA', 'AU'],
  [16276, 'OVH SAS', 'FR', 'DE', 'PL', 'GB', 'CA', 'SG', 'AU', 'US'],
  [24940, 'Hetzner Online GmbH', 'DE', 'FI'],
  [20473, 'AS-VULTR', 'US', 'NL', 'DE', 'FR', 'JP', 'GB', 'ES', 'IN', 'BR', 'MX', 'AU', 'KR'],
  [63949, 'AKAMAI-LINODE-AP', 'US', 'DE', 'GB', 'IN', 'JP', 'SG', 'AU', 'IT', 'BR', 'SE', 'FR', 'ES', 'NL'],
  [51167, 'Contabo GmbH', 'DE', 'US', 'GB', 'SG', 'IN', 'JP', 'AU'],
  [9009, 'M247 Europe SRL', 'RO', 'GB', 'US', 'DE', 'ES', 'FR', 'NL', 'PL', 'IT', 'CH', 'JP', 'BR', 'MX'],
];

/** The rest is made up; the name of the last kind does not say what is sold. */
const SMALL_HOSTER_NAMES = ['Rapidhost Hosting', 'Nimbus Data Center', 'Pluto Networks Ltd'];

const FIRST_MADE_UP_ASN = 4_200_000_000;

/** `popular` blocks are used more: the first one twice as often as the third (Zipf with exponent 0.6). */
const popularBlock = (blocks: readonly number[], random: Random): number => {
  const weights = blocks.map((block, index) => [block, (index + 1) ** -0.6] as const);
  return random.weighted(weights);
};

/** Draws from the seed; the same seed gives the same internet. */
export const createInternet = (seed: string): Internet => {
  const random = randomFrom(`${seed} internet`);
  const usedBlocks = new Set<number>();
  const usedIpv6 = new Set<number>();
  let lastAsn = FIRST_MADE_UP_ASN;

  /** A fresh IPv4 /16, as its first 16 bits; never a private, shared, link-local, documentation or measuring one. */
  const newBlock = (): number => {
    for (;;) {
      const block = random.int(0x0100, 0xdfff);
      const [first, second] = [block >> 8, block & 0xff];
      const isSpecial =
        first === 10 ||
        first === 127 ||
        (first === 100 && second >= 64 && second < 128) ||
        (first === 169 && second === 254) ||
        (first === 172 && second >= 16 && second < 32) ||
        (first === 192 && [0, 88, 168].includes(second)) ||
        (first === 198 && [18, 19, 51].includes(second)) ||
        (first === 203 && second === 0);
      if (isSpecial || usedBlocks.has(block)) continue;
      usedBlocks.add(block);
      return block;
    }
  };
  const newBlocks = (count: number): readonly number[] => Array.from({ length: count }, newBlock);
  /** A fresh IPv6 /29 below 2a00::/8, as its first 32 bits with the last three zero. */
  const newIpv6 = (): number => {
    for (;;) {
      const start = (0x2a000000 + (random.int(0, 0xfff) << 12)) >>> 0;
      if (usedIpv6.has(start)) continue;
      usedIpv6.add(start);
      return start;
    }
  };
  const newAsn = (): number => (lastAsn += 1);

  const source = (network: Network, country: string, address: (random: Random) => IpAddress): Source => ({
    network,
    country,
    draw: (drawer) => {
      const drawn = address(drawer);
      return { address: drawn, place: placeOf(seed, network, country, drawn) };
    },
  });

  const inBlock = (block: number, drawer: Random): IpAddress => ({
    family: 4,
    value: (BigInt(block) << 16n) | BigInt(drawer.int(1, 0xfffe)),
  });

  const accessProvider = (country: string, share: number, index: number): AccessProvider => {
    const network: Network = { asn: newAsn(), name: `${country} Access ${index + 1}`, trade: 'access' };
    const blocks = newBlocks(random.int(24, 60));
    const ipv6Start = newIpv6();
    const regions = Array.from({ length: 8 }, (_, region) => {
      const own = Array.from({ length: random.int(3, 7) }, () => random.pick(blocks));
      const pools = Array.from({ length: random.int(2, 6) }, () => BigInt(region * 64 + random.int(0, 63)));
      return {
        ipv4: source(network, country, (drawer) =>
          inBlock(drawer.pick(drawer.chance(0.05) ? blocks : own), drawer),
        ),
        ipv6: source(network, country, (drawer) => {
          // /32, then the /44 of the region, then 12 bits for the line's /56, then the subnet and the host.
          const line =
            (BigInt(ipv6Start) << 24n) | (drawer.pick(pools) << 12n) | BigInt(drawer.int(0, 0xfff));
          return { family: 6, value: (line << 72n) | BigInt(drawer.int(1, 0xffff_ffff)) };
        }),
      };
    });
    return { share, regions };
  };

  const carrier = (country: string, share: number, index: number): Carrier => {
    const network: Network = { asn: newAsn(), name: `${country} Mobile ${index + 1}`, trade: 'mobile' };
    const blocks = newBlocks(random.int(3, 8));
    const subnets = Array.from(
      { length: random.int(60, 200) },
      () => (random.pick(blocks) << 8) | random.int(0, 255),
    );
    const ipv4 = source(network, country, (drawer) => ({
      family: 4,
      value: (BigInt(popularBlock(subnets, drawer)) << 8n) | BigInt(drawer.int(1, 254)),
    }));
    return { share, ipv4 };
  };

  const countries = Object.keys(CONTINENTS);
  const providers = new Map(
    countries.map((country) => [
      country,
      [40, 25, 20, 15].map((share, n) => accessProvider(country, share, n)),
    ]),
  );
  const carriers = new Map(
    countries.map((country) => [country, [45, 35, 20].map((share, n) => carrier(country, share, n))]),
  );
  const regions = REGIONS.map(([cloud, region, country, popularity, count]): CloudRegion => {
    const blocks = newBlocks(count);
    const drawn = source(CLOUDS[cloud], country, (drawer) => inBlock(popularBlock(blocks, drawer), drawer));
    return { ...drawn, cloud, region, popularity };
  });
  const inSlices = (network: Network, country: string, count: number): Source => {
    const slices = newBlocks(count).map((block) => (block << 4) | random.int(0, 15));
    return source(network, country, (drawer) => ({
      family: 4,
      value: (BigInt(drawer.pick(slices)) << 12n) | BigInt(drawer.int(1, 0xffe)),
    }));
  };
  const hosters = [
    ...LARGE_HOSTERS.flatMap(([asn, name, ...sites]) =>
      sites.map((country) => inSlices({ asn, name, trade: 'hosting' }, country, random.int(6, 20))),
    ),
    ...countries.flatMap((country) =>
      SMALL_HOSTER_NAMES.map((name) =>
        inSlices({ asn: newAsn(), name: `${name} ${country}`, trade: 'hosting' }, country, random.int(1, 4)),
      ),
    ),
  ];
  return { providers, carriers, regions, hosters };
};

/** What the data says of an address: nearly always the truth. */
const placeOf = (seed: string, network: Network, country: string, address: IpAddress): Place => {
  const part = address.value >> (address.family === 4 ? 12n : 84n);
  const luck = fractionOf(`${seed} data ${address.family} ${part}`);
  const { asn, name } = network;
  const wrong = network.trade === 'cloud' ? 0.03 : 0.015;
  if (luck < 0.01) return { country, asn: null, asName: null };
  if (luck < 0.01 + wrong / 2) return { country: null, asn, asName: name };
  if (luck < 0.01 + wrong) return { country: country === 'US' ? 'CA' : 'US', asn, asName: name };
  return { country, asn, asName: name };
};
