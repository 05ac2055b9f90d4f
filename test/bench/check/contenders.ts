import CidrMatcher from 'cidr-matcher';
import IPSet from 'ip-set';
import ipaddr from 'ipaddr.js';
import { BlockList } from 'node:net';
import type { RangeMatcher } from '#service/enforcement/matcher';
import { formatCidr } from '#shared/ip/index';
import { readAddress } from '#shared/ip/parse-address';
import type { Families, Workload } from './workload';

/** Something that finds out whether an address, given as text, lies in one of many ranges. */
export interface Contender {
  readonly name: string;
  readonly isOurs: boolean;
  contains(ip: string): boolean;
}

interface Peer {
  readonly name: string;
  readonly families: readonly Families[];
  /** Beyond that one answer takes so long that nothing is learnt from measuring it. */
  readonly maxRanges: number;
  create(workload: Workload): (ip: string) => boolean;
}

const ALL = ['IPv4', 'IPv4 and IPv6'] as const;

const PEERS: readonly Peer[] = [
  {
    name: 'ip-set 2.2',
    families: ['IPv4'],
    maxRanges: Number.POSITIVE_INFINITY,
    create: ({ ranges }) => {
      const set = new IPSet();
      for (const { cidr } of ranges) set.add(formatCidr(cidr));
      return (ip) => set.contains(ip);
    },
  },
  {
    name: 'net.BlockList',
    families: ALL,
    maxRanges: 10_000,
    create: ({ ranges }) => {
      const list = new BlockList();
      for (const { cidr } of ranges) {
        const [network = ''] = formatCidr(cidr).split('/');
        list.addSubnet(network, cidr.prefixLength, cidr.family === 4 ? 'ipv4' : 'ipv6');
      }
      return (ip) => list.check(ip, ip.includes(':') ? 'ipv6' : 'ipv4');
    },
  },
  {
    name: 'ipaddr.js, one by one',
    families: ALL,
    maxRanges: 10_000,
    create: ({ ranges }) => {
      const networks = ranges.map(({ cidr }) => ipaddr.parseCIDR(formatCidr(cidr)));
      return (ip) => {
        const address = ipaddr.parse(ip);
        const kind = address.kind();
        return networks.some(
          ([network, length]) => network.kind() === kind && address.match(network, length),
        );
      };
    },
  },
  {
    name: 'cidr-matcher 2.1',
    families: ALL,
    maxRanges: 10_000,
    create: ({ ranges }) => {
      const matcher = new CidrMatcher(ranges.map(({ cidr }) => formatCidr(cidr)));
      return (ip) => matcher.contains(ip);
    },
  },
];

/** Ours first. It answers which range decides; the others know only whether there is one. */
export const createContenders = (
  workload: Workload,
  families: Families,
  matcher: RangeMatcher,
): Contender[] => {
  const now = Date.now();
  const peers = PEERS.filter(
    (peer) => peer.families.includes(families) && workload.ranges.length <= peer.maxRanges,
  );
  return [
    {
      name: 'Gatehouse',
      isOurs: true,
      contains: (ip) => {
        const address = readAddress(ip);
        return address !== undefined && matcher.match(address, 'key', now) !== undefined;
      },
    },
    ...peers.map((peer) => ({ name: peer.name, isOurs: false, contains: peer.create(workload) })),
  ];
};
