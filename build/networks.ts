import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import { DataSection, mmdbBytes, sideOfRecord } from './mmdb';
import { NetworkTree } from './network-tree';

const PACKAGE = '@ip-location-db/asn';
export const IPV4_TABLE = 'asn-ipv4-num.csv';
export const IPV6_TABLE = 'asn-ipv6-num.csv';
const LICENCES = ['DBIP-LICENSE', 'MODIFICATIONS', 'NRO_LICENSE', 'ROUTEVIEWS-LICENSE'];
const OWN_SOURCES = ['mmdb.ts', 'network-tree.ts', 'networks.ts'];

interface Folders {
  readonly root: string;
  readonly outDir: string;
}

/**
 * Turns the tables of the installed package into one MMDB file, which the service reads like those of any publisher, with
 * the licences beside it. It is made again when something that it is made of is newer.
 */
export function networkFile({ root, outDir }: Folders): Plugin {
  return {
    name: 'network-file',
    closeBundle() {
      const dir = packageDir(root);
      if (dir === undefined) {
        this.warn(`${PACKAGE} is not installed: networks will not be known`);
        return;
      }
      const path = join(outDir, 'asn.mmdb');
      const sources = [
        ...[IPV4_TABLE, IPV6_TABLE].map((name) => join(dir, name)),
        ...OWN_SOURCES.map((name) => join(root, 'build', name)),
      ];
      if (isNewest(path, sources)) return;
      mkdirSync(outDir, { recursive: true });
      for (const name of LICENCES) copyFileSync(join(dir, name), join(outDir, name));
      // A build that breaks off must not leave half a file that looks new.
      writeFileSync(`${path}.new`, networksOf(dir));
      renameSync(`${path}.new`, path);
    },
  };
}

function packageDir(root: string): string | undefined {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve(`${PACKAGE}/package.json`));
  } catch {
    return undefined;
  }
}

function isNewest(path: string, others: readonly string[]): boolean {
  return existsSync(path) && others.every((other) => statSync(other).mtimeMs < statSync(path).mtimeMs);
}

interface Network {
  /** Stands in the tree for the record, which needs the counts of the whole table. */
  readonly side: number;
  readonly name: string;
  ipv4Addresses: number;
}

function networksOf(dir: string): Buffer {
  const networks = new Map<string, Network>();
  const networkOf = (asn: string, name: string): Network => {
    const known = networks.get(asn);
    if (known !== undefined) return known;
    const network = { side: sideOfRecord(networks.size), name, ipv4Addresses: 0 };
    networks.set(asn, network);
    return network;
  };
  const tree = new NetworkTree();
  for (const [first, last, asn, name] of rowsOf(join(dir, IPV4_TABLE))) {
    const network = networkOf(asn, name);
    network.ipv4Addresses += Number(last) - Number(first) + 1;
    tree.add(Number(first), Number(last), network.side);
  }
  for (const [first, last, asn, name] of rowsOf(join(dir, IPV6_TABLE))) {
    tree.add(BigInt(first), BigInt(last), networkOf(asn, name).side);
  }
  const data = new DataSection();
  const sides = new Map(
    [...networks].map(([asn, { side, name, ipv4Addresses }]) => {
      const record = {
        autonomous_system_number: Number(asn),
        autonomous_system_organization: name,
        ipv4_addresses: ipv4Addresses,
      };
      return [side, sideOfRecord(data.add(record))];
    }),
  );
  return mmdbBytes({
    sides: tree.sides().map((side) => sides.get(side) ?? side),
    data,
    databaseType: 'ip-location-db-asn',
    description: `${PACKAGE} (RouteViews, NRO and DB-IP, CC BY 4.0), turned into MMDB`,
    builtAt: builtAt(dir),
    ipVersion: 6,
    recordSize: 24,
  });
}

/** The version of the package ends with year, month, day and hour. */
function builtAt(dir: string): Date {
  const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')) as { version: string };
  const [, year, month, day] = /(\d{4})(\d\d)(\d\d)\d\d$/.exec(version) ?? [];
  return new Date(`${year}-${month}-${day}`);
}

type Row = readonly [first: string, last: string, asn: string, name: string];

/** Reads a table. Only the names, which come last, may have quotes and commas; no CSV parser is as fast as that. */
export function* rowsOf(path: string): Generator<Row> {
  const text = readFileSync(path, 'utf8');
  let start = 0;
  while (start < text.length) {
    const end = text.indexOf('\n', start);
    const last = text.indexOf(',', start) + 1;
    const asn = text.indexOf(',', last) + 1;
    const name = text.indexOf(',', asn) + 1;
    yield [
      text.slice(start, last - 1),
      text.slice(last, asn - 1),
      text.slice(asn, name - 1),
      unquoted(text.slice(name, end)),
    ];
    start = end + 1;
  }
}

function unquoted(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}
