/**
 * Well-known networks by what they are, as people who run networks know them; nothing here comes from the scorer, which has a
 * list of its own. An entry is one company: its numbers are always in the same half.
 */
export interface Company {
  readonly name: string;
  readonly asns: readonly number[];
}

/** The access networks of a country. Many serve lines and phones under one number, and then stand in both lists. */
export interface AccessNetworks {
  readonly continent: Continent;
  /** Hours that its clocks are ahead of UTC, where most of its people live, in winter. */
  readonly utcOffset: number;
  readonly fixed: readonly Company[];
  readonly mobile: readonly Company[];
}

type Continent = 'EU' | 'NA' | 'SA' | 'AS' | 'AF' | 'OC';

function company(name: string, ...asns: number[]): Company {
  return { name, asns };
}

export const ACCESS: Readonly<Record<string, AccessNetworks>> = {
  US: {
    continent: 'NA',
    utcOffset: -5,
    fixed: [
      company('Comcast', 7922),
      company('AT&T', 7018),
      company('Charter', 20115),
      company('Verizon', 701),
      company('Cox', 22773),
    ],
    mobile: [
      company('T-Mobile US', 21928),
      company('Verizon Wireless', 6167, 22394),
      company('AT&T Mobility', 20057),
    ],
  },
  DE: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [
      company('Deutsche Telekom', 3320),
      company('Vodafone Germany', 3209),
      company('1&1 Versatel', 8881),
    ],
    mobile: [company('Telefónica Germany', 6805), company('Deutsche Telekom', 3320)],
  },
  FR: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Orange', 3215), company('Free', 12322), company('SFR', 15557)],
    mobile: [company('Free Mobile', 51207), company('Bouygues Telecom', 5410)],
  },
  GB: {
    continent: 'EU',
    utcOffset: 0,
    fixed: [
      company('BT', 2856),
      company('Virgin Media', 5089),
      company('Sky', 5607),
      company('TalkTalk', 13285),
    ],
    mobile: [company('Three', 206067), company('O2', 35228), company('Vodafone UK', 25135)],
  },
  ES: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Telefónica', 3352), company('Xtra', 15704)],
    mobile: [company('Orange Spain', 12479), company('Vodafone Spain', 12430)],
  },
  IT: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('TIM', 3269), company('Vodafone Italy', 30722), company('Wind Tre', 1267)],
    mobile: [company('TIM Mobile', 16232), company('Wind Tre Mobile', 24608)],
  },
  NL: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('KPN', 1136), company('Vodafone Ziggo', 33915), company('Odido', 50266)],
    mobile: [company('Odido Mobile', 31615)],
  },
  BE: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Proximus', 5432), company('Telenet', 6848), company('VOO', 12392)],
    mobile: [company('Orange Belgium', 47377)],
  },
  CH: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Swisscom', 3303), company('Sunrise', 6730)],
    mobile: [company('Salt', 15796)],
  },
  AT: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('A1', 8447), company('Magenta', 8412)],
    mobile: [company('Drei', 25255)],
  },
  SE: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Telia', 3301), company('Tele2', 1257)],
    mobile: [company('Hi3G', 44034)],
  },
  NO: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Lyse', 29695), company('Telenor', 2119)],
    mobile: [company('Telenor', 2119)],
  },
  DK: { continent: 'EU', utcOffset: 1, fixed: [company('TDC', 3292)], mobile: [company('TDC', 3292)] },
  FI: {
    continent: 'EU',
    utcOffset: 2,
    fixed: [company('Elisa', 719), company('Telia Finland', 1759)],
    mobile: [company('DNA', 16086), company('Elisa', 719)],
  },
  PL: {
    continent: 'EU',
    utcOffset: 1,
    fixed: [company('Orange Poland', 5617), company('Netia', 12741)],
    mobile: [company('Play', 39603), company('Polkomtel', 8374), company('T-Mobile Poland', 12912)],
  },
  PT: {
    continent: 'EU',
    utcOffset: 0,
    fixed: [company('MEO', 3243), company('NOS', 2860)],
    mobile: [company('Vodafone Portugal', 12353)],
  },
  JP: {
    continent: 'AS',
    utcOffset: 9,
    fixed: [company('KDDI', 2516), company('SoftBank', 17676), company('NTT', 4713)],
    mobile: [company('NTT Docomo', 9605), company('KDDI', 2516)],
  },
  IN: {
    continent: 'AS',
    utcOffset: 5,
    fixed: [company('Airtel', 24560), company('BSNL', 9829)],
    mobile: [company('Jio', 55836), company('Airtel Mobile', 45609)],
  },
  KR: {
    continent: 'AS',
    utcOffset: 9,
    fixed: [company('Korea Telecom', 4766), company('SK Broadband', 9318), company('LG', 3786)],
    mobile: [company('SK Telecom', 9644)],
  },
  AU: {
    continent: 'OC',
    utcOffset: 10,
    fixed: [company('Telstra', 1221), company('Optus', 4804), company('TPG', 7545)],
    mobile: [company('Vodafone Australia', 133612), company('Telstra', 1221)],
  },
  BR: {
    continent: 'SA',
    utcOffset: -3,
    fixed: [company('Claro NXT', 28573), company('Vivo', 27699, 18881)],
    mobile: [company('TIM Brazil', 26615), company('Vivo Mobile', 26599), company('Claro', 22085)],
  },
  MX: {
    continent: 'NA',
    utcOffset: -6,
    fixed: [company('Telmex', 8151), company('Megacable', 13999)],
    mobile: [company('Telcel', 28403)],
  },
  CA: {
    continent: 'NA',
    utcOffset: -5,
    fixed: [company('Bell', 577, 855), company('Shaw', 6327)],
    mobile: [company('Rogers', 812)],
  },
  ZA: {
    continent: 'AF',
    utcOffset: 2,
    fixed: [company('Telkom', 37457)],
    mobile: [company('Vodacom', 36994), company('MTN', 16637)],
  },
  TR: {
    continent: 'AS',
    utcOffset: 3,
    fixed: [company('Türk Telekom', 9121), company('Superonline', 34984)],
    mobile: [company('Turkcell', 16135), company('Vodafone Türkiye', 15897)],
  },
  EG: {
    continent: 'AF',
    utcOffset: 2,
    fixed: [company('Telecom Egypt', 8452)],
    mobile: [company('Vodafone Egypt', 24835)],
  },
  ID: {
    continent: 'AS',
    utcOffset: 7,
    fixed: [company('Telkom Indonesia', 7713)],
    mobile: [company('Telkomsel', 23693)],
  },
  VN: {
    continent: 'AS',
    utcOffset: 7,
    fixed: [company('VNPT', 45899)],
    mobile: [company('Viettel', 7552)],
  },
  RU: {
    continent: 'EU',
    utcOffset: 3,
    fixed: [company('Rostelecom', 12389)],
    mobile: [company('MTS', 8359)],
  },
  TH: {
    continent: 'AS',
    utcOffset: 7,
    fixed: [company('Triple T', 45758)],
    mobile: [company('DTAC', 24378)],
  },
  PH: {
    continent: 'AS',
    utcOffset: 8,
    fixed: [company('PLDT', 9299)],
    mobile: [company('Globe', 4775), company('Smart', 10139)],
  },
  AR: {
    continent: 'SA',
    utcOffset: -3,
    fixed: [company('Telecom Argentina', 7303)],
    mobile: [company('Telecom Argentina', 7303)],
  },
};

/** Clouds that functions and build pipelines run in. */
export const CLOUDS: readonly Company[] = [
  company('AWS', 16509, 14618),
  company('Google', 396982, 15169),
  company('Azure', 8075),
  company('Oracle', 31898),
  company('Alibaba', 45102),
  company('Tencent', 132203),
  company('IBM', 36351),
];

/** Companies that rent machines out. Not all of their names say so. */
export const HOSTERS: readonly Company[] = [
  company('DigitalOcean', 14061),
  company('OVH', 16276),
  company('Hetzner', 24940),
  company('Linode', 63949),
  company('Vultr', 20473),
  company('Contabo', 51167),
  company('Scaleway', 12876),
  company('Leaseweb', 60781, 28753, 30633),
  company('netcup', 197540),
  company('Worldstream', 49981),
  company('NForce', 43350),
  company('FranTech', 53667),
  company('ColoCrossing', 36352),
  company('velia.net', 29066),
  company('aurologic', 30823),
  company('Signet (TransIP)', 20857),
  company('Infomaniak', 29222),
  company('Hostwinds', 54290),
  company('GleSYS', 42708),
  company('Mevspace', 201814),
  company('GHOSTnet', 12586),
  company('home.pl', 12824),
  company('PlusServer', 61157),
  company('Combell', 34762),
];

/** Networks that VPN companies use, and Cloudflare, whose WARP is one. */
export const VPNS: readonly Company[] = [
  company('M247', 9009),
  company('Datacamp', 212238, 60068),
  company('Proton', 62371, 209103),
  company('31173 (Mullvad)', 39351),
  company('PacketHub (NordVPN)', 136787, 147049, 207137),
  company('Cloudflare', 13335),
];

/** Societies that run Tor exits. */
export const TOR_EXITS: readonly Company[] = [
  company('Stiftung Erneuerbare Freiheit', 60729),
  company('F3 Netze', 205100),
  company('Emerald Onion', 396507),
  company('Quintex', 62744),
  company('Foundation for Applied Privacy', 208323),
  company('Calyx', 4224),
];
