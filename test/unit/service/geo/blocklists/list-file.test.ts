import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readListFile } from '#service/geo/blocklists/list-file';
import { parseAddress } from '#shared/ip/index';
import { makeTempDir, removeTempDir } from '#test/support/temp-dir';

let dir: string;
beforeEach(() => {
  dir = makeTempDir('list-file');
});
afterEach(() => removeTempDir(dir));

const read = (content: string | Buffer) => {
  const path = join(dir, 'list');
  writeFileSync(path, content);
  return readListFile(path);
};

const find = async (content: string | Buffer, ip: string): Promise<string | undefined> => {
  const parsed = parseAddress(ip);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return (await read(content)).find(parsed.address);
};

describe('the file of a blocklist', () => {
  it.each([
    ['the widest', '10.0.0.0/8', '10.2.3.4', '10.0.0.0/8'],
    ['the widest of IPv6', '2001::/16', '2001::1', '2001::/16'],
    ['a dash', '203.0.113.10-203.0.113.20', '203.0.113.15', '203.0.113.10-203.0.113.20'],
    [
      'JSON of a cloud',
      '{"prefixes":[{"ip_prefix":"192.0.2.0/24","service":"EC2"}]}',
      '192.0.2.9',
      '192.0.2.0/24',
    ],
    ['ipset', 'create bad hash:net\nadd bad 192.0.2.0/24', '192.0.2.9', '192.0.2.0/24'],
    ['rules that deny', 'deny 192.0.2.0/24;\nallow 198.51.100.0/24;', '192.0.2.9', '192.0.2.0/24'],
    ['a packed file', gzipSync('192.0.2.0/24\n'), '192.0.2.9', '192.0.2.0/24'],
  ])('may have %s', async (_what, content, ip, entry) => {
    expect(await find(content, ip)).toBe(entry);
  });

  it.each([
    ['0.0.0.0/0', /wider than a \/8/],
    ['::/0', /wider than a \/16/],
    ['::/1', /wider than a \/16/],
    ['10.0.0.0/7', /wider than a \/8/],
    ['2000::/15', /wider than a \/16/],
    ['0.0.0.0-255.255.255.255', /wider than a \/8/],
    ['9.255.255.255-11.0.0.0', /wider than a \/8/],
    ['{"cidr":"0.0.0.0/0"}', /wider than a \/8/],
    ['allow 192.0.2.0/24;', /authorizes/],
    ['evil.example.com', /evil\.example\.com/],
    ['010.0.0.1', /leading zero/],
    ['{"cidr":', /JSON/],
    ['<html>', /is an HTML page/],
  ])('may not have %j', async (content, reason) => {
    const { entries, badLines, contentLines, firstBadLines } = await read(content);
    expect([entries, badLines, contentLines]).toEqual([0, 1, 1]);
    expect(firstBadLines).toEqual([{ line: 1, reason: expect.stringMatching(reason) as unknown }]);
  });
});
