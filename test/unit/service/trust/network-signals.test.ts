import { WEIGHTS } from '#service/enforcement/trust/weights';
import { address, DAY_MS, facts, neighbour, NOW, use } from './builders';
import { table } from './signal-table';

const ORANGE = { country: 'ES', asn: 12479, asName: 'Orange Espagne' };
const AWS = { country: 'IE', asn: 16509, asName: 'AMAZON-02' };
const aws = (around: string, agent = 'acme-sync/2.4.1') =>
  use(around, { country: 'IE', asn: 16509, userAgent: agent });
const wide = ['81.32.0.1', '83.40.0.1', '88.1.0.1', '79.150.0.1'].map((around) => use(around));
const elsewhere = (around: string) => address(around);

table('adjacent-prefix', [
  ['the same /16', neighbour(), WEIGHTS.adjacentPrefix, /90\.160\.0\.0\/16.*3 hours ago/],
  ['another /16', neighbour({ uses: [use('90.161.1.1')] }), undefined],
  ['used 31 days ago', neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 31 * DAY_MS })] }), undefined],
  [
    'used 29 days ago',
    neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 29 * DAY_MS })] }),
    WEIGHTS.adjacentPrefix,
  ],
  [
    'of another network',
    neighbour({ uses: [use('90.160.1.1', { asn: 3352 })] }),
    WEIGHTS.adjacentPrefixOfAnotherNetwork,
    /different network/,
  ],
  ['network not known', neighbour({ uses: [use('90.160.1.1', { asn: null })] }), WEIGHTS.adjacentPrefix],
  [
    'the same /48',
    neighbour({ address: address('2a02:9130:1:5::1'), uses: [use('2a02:9130:1:9::1')] }),
    WEIGHTS.adjacentPrefix,
  ],
  [
    'the same /40',
    neighbour({ address: address('2a02:9130:17::1'), uses: [use('2a02:9130:1::1')] }),
    WEIGHTS.nearPrefix,
    /region/,
  ],
  [
    'another /40',
    neighbour({ address: address('2a02:9130:1700::1'), uses: [use('2a02:9130:1::1')] }),
    undefined,
  ],
  [
    'the same /40 of a cloud',
    facts({ geolocation: AWS, address: address('2a05:d018:17::1'), uses: [aws('2a05:d018:1::1')] }),
    undefined,
  ],
]);

table('same-network', [
  [
    'one part of it',
    neighbour(),
    WEIGHTS.sameNetwork,
    /AS12479 Orange Espagne is already used .* 3 hours ago/,
  ],
  ['not used', neighbour({ uses: [use('90.160.1.1', { asn: 3352 })] }), undefined],
  ['network not known', neighbour({ geolocation: { country: 'ES', asn: null, asName: null } }), undefined],
  ['used 91 days ago', neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 91 * DAY_MS })] }), undefined],
  ['a new part, one known', neighbour({ address: elsewhere('84.77.1.1') }), WEIGHTS.sameNetwork],
  [
    'a new part, two known',
    neighbour({ address: elsewhere('84.77.1.1'), uses: wide.slice(0, 2) }),
    WEIGHTS.sameNetwork + WEIGHTS.movingNetworkBonus,
  ],
  [
    'a new part, four known',
    neighbour({ address: elsewhere('84.77.1.1'), uses: wide }),
    WEIGHTS.sameNetwork + WEIGHTS.wideNetworkBonus,
    /from 4 different parts/,
  ],
  [
    'a new part, four known, while strangers try',
    neighbour({
      address: elsewhere('84.77.1.1'),
      uses: wide,
      unanswered: [{ at: NOW - DAY_MS, country: 'VN', asn: 45899 }],
    }),
    WEIGHTS.sameNetwork,
  ],
  ['a neighbour counts alone', neighbour({ uses: [...wide, use('90.160.1.1')] }), WEIGHTS.sameNetwork],
  [
    'used from another country',
    neighbour({ geolocation: { ...ORANGE, country: 'FR' }, address: elsewhere('84.77.1.1') }),
    WEIGHTS.sameNetworkElsewhere,
    /only from Spain/,
  ],
  [
    'a cloud',
    facts({ geolocation: AWS, address: address('52.16.1.1'), uses: [aws('52.16.9.9')] }),
    WEIGHTS.sameHostingNetwork,
    /counts for less/,
  ],
  [
    'a cloud, widely',
    facts({
      geolocation: AWS,
      address: address('52.99.1.1'),
      uses: ['52.16.0.1', '52.17.0.1', '52.18.0.1', '52.19.0.1'].map((around) => aws(around)),
    }),
    WEIGHTS.sameHostingNetwork,
  ],
  [
    'a private network',
    facts({ address: address('10.42.7.7'), uses: [use('10.42.1.1', { country: null, asn: null })] }),
    WEIGHTS.samePrivateNetwork,
    /10\.0\.0\.0\/8/,
  ],
]);

const MADRID = { ...ORANGE, region: 'ES-MD' };
const inMadrid = (around: string) => use(around, { region: 'ES-MD' });
const IRELAND = { ...AWS, region: 'eu-west-1' };
const inIreland = (around: string) => use(around, { country: 'IE', asn: 16509, region: 'eu-west-1' });

table('same-region', [
  [
    'of an access provider',
    neighbour({ geolocation: MADRID, uses: [inMadrid('84.77.1.1')] }),
    WEIGHTS.sameProviderRegion,
    /AS12479 Orange Espagne .* in the same region \(ES-MD\), last 3 hours ago/,
  ],
  [
    'of a cloud',
    facts({ geolocation: IRELAND, address: address('54.72.1.1'), uses: [inIreland('52.16.1.1')] }),
    WEIGHTS.sameCloudRegion,
    /eu-west-1.*anybody can rent/,
  ],
  [
    'of a private cloud or an unknown network',
    neighbour({ geolocation: { ...MADRID, asn: null }, uses: [use('84.77.1.1', { asn: null })] }),
    undefined,
  ],
  [
    'beside a neighbour, who says more',
    neighbour({ geolocation: MADRID, uses: [inMadrid('90.160.1.1')] }),
    undefined,
  ],
  [
    'beside a neighbour of another network',
    neighbour({
      geolocation: MADRID,
      uses: [inMadrid('84.77.1.1'), use('90.160.1.1', { asn: 3352, region: 'ES-MD' })],
    }),
    undefined,
  ],
  [
    'of another network',
    neighbour({ geolocation: MADRID, uses: [use('84.77.1.1', { asn: 3352, region: 'ES-MD' })] }),
    undefined,
  ],
  [
    'another one',
    neighbour({ geolocation: MADRID, uses: [use('84.77.1.1', { region: 'ES-CT' })] }),
    undefined,
  ],
  ['not known of the address', neighbour({ uses: [inMadrid('84.77.1.1')] }), undefined],
  ['not known of the key', neighbour({ geolocation: MADRID, uses: [use('84.77.1.1')] }), undefined],
  [
    'used 31 days ago',
    neighbour({
      geolocation: MADRID,
      uses: [use('84.77.1.1', { region: 'ES-MD', lastAt: NOW - 31 * DAY_MS })],
    }),
    undefined,
  ],
]);

table('same-country', [
  ['used', neighbour(), WEIGHTS.sameCountry, /from Spain/],
  ['not used', neighbour({ geolocation: { ...ORANGE, country: 'FR' } }), undefined],
  ['not known', neighbour({ geolocation: { country: null, asn: null, asName: null } }), undefined],
  [
    'not known, but that of the neighbours in the network',
    neighbour({ geolocation: { ...ORANGE, country: null } }),
    WEIGHTS.sameCountry,
  ],
  [
    'not known, and the neighbours disagree',
    neighbour({
      geolocation: { ...ORANGE, country: null },
      uses: [use('90.160.1.1'), use('90.160.2.2', { country: 'FR' })],
    }),
    undefined,
  ],
  ['used 91 days ago', neighbour({ uses: [use('90.160.1.1', { lastAt: NOW - 91 * DAY_MS })] }), undefined],
]);
