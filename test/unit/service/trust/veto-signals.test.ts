import { WEIGHTS } from '#service/enforcement/trust/weights';
import { address, cidr, DAY_MS, facts, hostOf, neighbour, NOW, use } from './builders';
import { table } from './signal-table';

table('previously-denied', [
  ['nothing denied', neighbour(), undefined],
  [
    'the address itself',
    neighbour({ denials: [{ cidr: hostOf('90.160.7.8'), kind: 'review', at: NOW - DAY_MS }] }),
    WEIGHTS.veto,
    /^90\.160\.7\.8 was denied by an administrator on 2026-06-14/,
  ],
  [
    'a neighbour',
    neighbour({ denials: [{ cidr: hostOf('90.160.7.9'), kind: 'review', at: null }] }),
    WEIGHTS.veto,
    /close to this address/,
  ],
  [
    'a range',
    neighbour({ denials: [{ cidr: cidr('90.160.7.0/28'), kind: 'range', at: null }] }),
    WEIGHTS.veto,
    /90\.160\.7\.0\/28, was put|90\.160\.7\.0\/28 was put/,
  ],
]);

table('blocklisted', [
  ['on no list', neighbour(), undefined],
  [
    'on a list',
    neighbour({ blocklisted: { list: 'tor.txt', entry: '90.160.7.8' } }),
    WEIGHTS.veto,
    /"tor\.txt" names this address/,
  ],
]);

table('reserved-address', [
  ['a public address', neighbour(), undefined],
  [
    'private, nothing known of the callers',
    facts({ address: address('10.1.2.3') }),
    WEIGHTS.veto,
    /10\.0\.0\.0\/8.*not known to be used/,
  ],
  ['private, callers are public', neighbour({ address: address('10.1.2.3') }), WEIGHTS.veto],
  [
    'private, callers there too',
    facts({ address: address('10.1.2.3'), uses: [use('10.9.9.9', { country: null, asn: null })] }),
    undefined,
  ],
  [
    'another private network than the callers',
    facts({ address: address('192.168.1.1'), uses: [use('10.9.9.9', { country: null, asn: null })] }),
    WEIGHTS.veto,
  ],
  [
    'multicast, whatever the callers',
    facts({ address: address('224.0.0.1'), uses: [use('224.0.9.9')] }),
    WEIGHTS.veto,
    /forged/,
  ],
  ['IPv6 that is given to nobody', facts({ address: address('4000::1') }), WEIGHTS.veto],
  ['IPv6 unique local', facts({ address: address('fd00::1') }), WEIGHTS.veto],
]);
