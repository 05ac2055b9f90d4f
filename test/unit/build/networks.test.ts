import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { networkFile } from '#build/networks';
import { openMmdb } from '#service/geo/mmdb-file';
import { formatAddress } from '#shared/ip/index';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

let root: string;
beforeEach(() => {
  root = makeTempDir('networks');
});
afterEach(() => removeTempDir(root));

const outDir = (): string => join(root, 'out/networks');
const outFile = (): string => join(outDir(), 'asn.mmdb');
const packageFile = (name: string): string => join(root, 'node_modules/@ip-location-db/asn', name);

/** A root with a package that has these rows, all of it long there. */
const install = (ipv4: readonly string[], ipv6: readonly string[]): void => {
  const table = (rows: readonly string[]): string => rows.map((row) => `${row}\n`).join('');
  const files = {
    'package.json': JSON.stringify({ version: '2.3.2026061719' }),
    'asn-ipv4-num.csv': table(ipv4),
    'asn-ipv6-num.csv': table(ipv6),
    'DBIP-LICENSE': 'CC BY 4.0',
    MODIFICATIONS: 'merged',
    NRO_LICENSE: 'CC BY 4.0',
    'ROUTEVIEWS-LICENSE': 'CC BY 4.0',
  };
  mkdirSync(packageFile('.'), { recursive: true });
  mkdirSync(join(root, 'build'), { recursive: true });
  const paths = Object.entries(files).map(([name, content]) => ({ path: packageFile(name), content }));
  const sources = ['mmdb.ts', 'network-tree.ts', 'networks.ts'].map((name) => ({
    path: join(root, 'build', name),
    content: '',
  }));
  for (const { path, content } of [...paths, ...sources]) {
    writeFileSync(path, content);
    utimesSync(path, LONG_AGO, LONG_AGO);
  }
};

/** Does what the build does at its end, and returns its warnings. */
const build = (): readonly string[] => {
  const warnings: string[] = [];
  const { closeBundle } = networkFile({ root, outDir: outDir() });
  (closeBundle as (this: { warn: (text: string) => void }) => void).call({
    warn: (text) => warnings.push(text),
  });
  return warnings;
};

describe('the network file of the build', () => {
  it('has the names of the tables, and the day of the package', async () => {
    install(['16777216,16777471,13335,"Cloudflare, Inc."', '16778240,16779263,201907,"LLC ""SPUTNIK"""'], []);
    expect(build()).toEqual([]);
    const file = await openMmdb(outFile());
    expect(file.builtAt.toISOString()).toBe('2026-06-17T00:00:00.000Z');
    expect(file.lookup('1.0.0.1')).toEqual({
      country: null,
      asn: 13_335,
      asName: 'Cloudflare, Inc.',
      ipv4Addresses: 256,
    });
    expect(file.lookup('1.0.4.1').asName).toBe('LLC "SPUTNIK"');
  });

  it('has the licences beside it', () => {
    install([], []);
    build();
    expect(readdirSync(outDir()).sort()).toEqual([
      'DBIP-LICENSE',
      'MODIFICATIONS',
      'NRO_LICENSE',
      'ROUTEVIEWS-LICENSE',
      'asn.mmdb',
    ]);
  });

  it('is made again when a table is newer, and only then', () => {
    install(['16777216,16777471,1,One'], []);
    build();
    const made = new Date('2021-01-01T00:00:00Z');
    utimesSync(outFile(), made, made);
    build();
    expect(statSync(outFile()).mtime).toEqual(made);
    writeFileSync(packageFile('asn-ipv4-num.csv'), '16777216,16777471,2,Two\n');
    build();
    expect(statSync(outFile()).mtime).not.toEqual(made);
  });

  it('has the later row where two overlap', async () => {
    install(['16777216,16777727,1,One', '16777472,16778239,2,Two'], []);
    build();
    const file = await openMmdb(outFile());
    const found = ['1.0.0.0', '1.0.0.255', '1.0.1.0', '1.0.3.255', '1.0.4.0'].map(
      (ip) => file.lookup(ip).asn,
    );
    expect(found).toEqual([1, 1, 2, 2, null]);
  });

  it('is missing with a warning when the package is', () => {
    expect(build()).toEqual(['@ip-location-db/asn is not installed: networks will not be known']);
  });

  const ranges = (max: bigint, minLength = 0) => {
    const size = fc.oneof(fc.bigInt(1n, 2n ** 9n), fc.bigInt(1n, max));
    return fc.array(fc.record({ gap: fc.oneof(fc.constant(0n), size), size }), { minLength, maxLength: 12 });
  };

  it('leads from both ends of each range to its network, and from beside them to none', async () => {
    await fc.assert(
      fc.asyncProperty(ranges(2n ** 27n, 1), ranges(2n ** 120n), async (ipv4, ipv6) => {
        const expected = new Map<string, number | null>();
        const rows = (family: 4 | 6, list: typeof ipv4): readonly string[] => {
          const text = (value: bigint): string => formatAddress({ family, value });
          let next = family === 4 ? 2n ** 24n : 0x2001n << 112n;
          return list.map(({ gap, size }, index) => {
            const first = next + gap;
            next = first + size;
            const asn = 10 * (index + 1) + family;
            if (gap > 0n) expected.set(text(first - 1n), null);
            expected
              .set(text(first), asn)
              .set(text(next - 1n), asn)
              .set(text(next), null);
            return `${first},${next - 1n},${asn},Network ${asn}`;
          });
        };
        install(rows(4, ipv4), rows(6, ipv6));
        removeTempDir(outDir());
        build();
        const file = await openMmdb(outFile());
        for (const [ip, asn] of expected) expect([ip, file.lookup(ip).asn]).toEqual([ip, asn]);
      }),
      { numRuns: 100 },
    );
  });
});
